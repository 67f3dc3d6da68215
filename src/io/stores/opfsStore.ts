import { UnsupportedError } from "../../check/errors.js";
import { checkSurplus } from "../../check/surplus.js";
import { checkName, isStorable, type Store, told } from "./store.js";

export interface Writable {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
}

interface FileHandle {
  getFile(): Promise<Blob>;
  createWritable?(): Promise<Writable>;
}

interface FolderHandle {
  getDirectoryHandle(name: string, options: { readonly create: true }): Promise<FolderHandle>;
  getFileHandle(name: string, options?: { readonly create: true }): Promise<FileHandle>;
  removeEntry(name: string): Promise<void>;
  keys(): AsyncIterableIterator<string>;
}

interface Scope {
  readonly navigator?: { readonly storage?: { getDirectory?(): Promise<FolderHandle> } };
}

/**
 * A folder of the origin-private file system, in pages and their workers: files of any size that stay when the page is closed,
 * as long as the browser keeps the data of the site (`navigator.storage.persist()` asks it to). A file is put in place when all
 * of it is written.
 *
 * @param folder its name; default `wasmgrad`
 * @throws OptionError for what is no name; UnsupportedError where there is no such file system, or none that writes files as a
 *   whole, as in Safari before 26. Its methods reject with StorageErrors, as when the quota is exceeded
 */
export function opfsStore(folder = "wasmgrad"): Store {
  const who = "opfsStore";
  checkSurplus(who, arguments, 1);
  checkName(who, folder);
  const { storage } = (globalThis as Scope).navigator ?? {};
  if (typeof storage?.getDirectory !== "function") throw unsupported("there is no file system of the origin");
  // Opened each time: the data of a site can be cleared while its page is open.
  const opened = async () => {
    const root = await (storage as Required<typeof storage>).getDirectory();
    return root.getDirectoryHandle(folder, { create: true });
  };
  const doing = <T>(what: string, name: string, run: (place: FolderHandle) => Promise<T>) => {
    checkName(who, name);
    return told(`${who}: "${name}" could not be ${what}`, async () => run(await opened()));
  };
  return {
    read: async (name) =>
      doing("read", name, async (place) => {
        const handle = await place.getFileHandle(name).catch(unlessMissing);
        return handle && new Uint8Array(await (await handle.getFile()).arrayBuffer());
      }),
    write: async (name, bytes) =>
      doing("written", name, async (place) => {
        const isNew = (await place.getFileHandle(name).catch(unlessMissing)) === undefined;
        const handle = await place.getFileHandle(name, { create: true });
        if (handle.createWritable === undefined) throw unsupported("files cannot be written as a whole");
        try {
          await writeInto(await handle.createWritable(), bytes);
        } catch (error) {
          // Of a file that was not there, nothing stays.
          if (isNew) await place.removeEntry(name).catch(() => undefined);
          throw error;
        }
      }),
    list: async () =>
      told(`${who}: the folder could not be read`, async () => {
        const names: string[] = [];
        for await (const name of (await opened()).keys()) if (isStorable(name)) names.push(name);
        return names;
      }),
    delete: async (name) =>
      doing("removed", name, async (place) => {
        await place.removeEntry(name).catch(unlessMissing);
      }),
  };
}

/** Writes a file that is put in place as it is closed. */
export async function writeInto(file: Writable, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  try {
    await file.write(bytes);
    await file.close();
  } catch (error) {
    await file.abort().catch(() => undefined);
    throw error;
  }
}

const unsupported = (what: string) =>
  new UnsupportedError(
    `opfsStore: ${what} here; needs a page, or its worker, in a secure context, of Chrome 86, Firefox 111 or Safari 26. ` +
      "indexedDbStore works in older ones.",
  );

function unlessMissing(error: { readonly name?: unknown }): undefined {
  if (error.name !== "NotFoundError") throw error;
}
