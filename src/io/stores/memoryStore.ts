import { checkSurplus } from "../../check/surplus.js";
import { checkName, type Store } from "./store.js";

/** A store that lasts as long as the program does: for tests, and for where a snapshot need not outlast it. */
export function memoryStore(): Store {
  checkSurplus("memoryStore", arguments, 0);
  // Copies, in and out: a Buffer's slice would share its bytes.
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    read: async (name) => files.get(name)?.slice(),
    async write(name, bytes) {
      checkName("memoryStore", name);
      files.set(name, new Uint8Array(bytes));
    },
    list: async () => [...files.keys()],
    async delete(name) {
      files.delete(name);
    },
  };
}
