import { UnsupportedError } from "../../check/errors.js";
import { checkSurplus } from "../../check/surplus.js";
import { checkName, type Store, told } from "./store.js";

interface Asked<T> {
  readonly result: T;
  readonly error: unknown;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}

interface Opening extends Asked<Database> {
  onupgradeneeded: (() => void) | null;
  onblocked: (() => void) | null;
}

interface Transaction {
  readonly error: unknown;
  objectStore(name: string): Files;
  oncomplete: (() => void) | null;
  onabort: (() => void) | null;
}

interface Database {
  createObjectStore(name: string): unknown;
  transaction(
    name: string,
    mode: "readonly" | "readwrite",
    options: { readonly durability: "strict" },
  ): Transaction;
  close(): void;
  onversionchange: (() => void) | null;
}

interface Files {
  get(name: string): Asked<Uint8Array<ArrayBuffer> | undefined>;
  put(bytes: Uint8Array, name: string): Asked<unknown>;
  delete(name: string): Asked<unknown>;
  getAllKeys(): Asked<string[]>;
}

interface Scope {
  readonly indexedDB?: { open(name: string, version: number): Opening };
}

const FILES = "files";

/**
 * A database of IndexedDB, in pages, their workers and service workers: for where there is no `opfsStore`, and for checkpoints of
 * small models. Each write is a transaction: all of it or none. What the browser keeps of it, see `opfsStore`.
 *
 * @param name of the database; default `wasmgrad`
 * @throws OptionError for what is no name; UnsupportedError where there is no IndexedDB. Its methods reject with StorageErrors,
 *   as when the quota is exceeded
 */
export function indexedDbStore(name = "wasmgrad"): Store {
  const who = "indexedDbStore";
  checkSurplus(who, arguments, 1);
  checkName(who, name);
  const { indexedDB } = globalThis as Scope;
  if (indexedDB === undefined) {
    throw new UnsupportedError(`${who}: there is no IndexedDB here; needs a page, or one of its workers.`);
  }
  // Opened each time: the data of a site can be cleared while its page is open, and nobody need close it.
  const doing = <T>(what: string, file: string, ask: (files: Files) => Asked<T>, isRead = false) => {
    checkName(who, file);
    return told(`${who}: ${what}`, async () => {
      const database = await opened(indexedDB.open(name, 1));
      try {
        return await transacted(database, isRead ? "readonly" : "readwrite", ask);
      } finally {
        database.close();
      }
    });
  };
  return {
    read: async (file) => doing(`"${file}" could not be read`, file, (files) => files.get(file), true),
    // A copy of its own: what is cloned is all of the buffer that bytes lie in.
    write: async (file, bytes) =>
      void (await doing(`"${file}" could not be written`, file, (files) =>
        files.put(new Uint8Array(bytes), file),
      )),
    list: async () => doing("its names could not be read", FILES, (files) => files.getAllKeys(), true),
    delete: async (file) =>
      void (await doing(`"${file}" could not be removed`, file, (files) => files.delete(file))),
  };
}

const opened = (asked: Opening): Promise<Database> =>
  new Promise((done, fail) => {
    asked.onupgradeneeded = () => asked.result.createObjectStore(FILES);
    asked.onblocked = () => fail(new Error("another page has it open with an older version"));
    asked.onerror = () => fail(asked.error);
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close();
      done(asked.result);
    };
  });

/** The answer, once the transaction is complete: before that, nothing is sure to stay. */
const transacted = <T>(
  database: Database,
  mode: "readonly" | "readwrite",
  ask: (files: Files) => Asked<T>,
): Promise<T> =>
  new Promise((done, fail) => {
    const transaction = database.transaction(FILES, mode, { durability: "strict" });
    const asked = ask(transaction.objectStore(FILES));
    transaction.oncomplete = () => done(asked.result);
    transaction.onabort = () => fail(transaction.error ?? asked.error ?? new Error("it was aborted"));
  });
