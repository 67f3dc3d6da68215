import { checkType } from "../../check/options.js";
import { checkSurplus } from "../../check/surplus.js";
import { cleanFolder, writeFile } from "./atomicFile.js";
import { type Disk, needDisk } from "./fileSystem.js";
import { checkName, isStorable, type Store, told } from "./store.js";

/**
 * A folder of files, in Node, Deno and Bun; it is made with the first file. What stops the program or the machine while a file
 * is written leaves what was there, or all that is new: the bytes go to a temporary file that is forced to the disk (fsync), then
 * renamed, then the folder is forced to the disk. Temporary files of programs that were killed are removed.
 *
 * @throws OptionError for what is no path; UnsupportedError where there are no files. Its methods reject with StorageErrors
 */
export function fileStore(folder: string): Store {
  checkSurplus("fileStore", arguments, 1);
  checkType("fileStore", "folder", folder, "string");
  return storeOn(needDisk("fileStore"), folder);
}

/** @param disk the runtime's, or in tests one that fails */
export function storeOn(disk: Disk, folder: string): Store {
  const { files, paths } = disk;
  const who = "fileStore";
  const placeOf = (name: string) => {
    checkName(who, name);
    return paths.join(folder, name);
  };
  let cleaned: Promise<void> | undefined;
  return {
    async read(name) {
      const path = placeOf(name);
      const bytes = await told(`${who}: ${path} could not be read`, () =>
        files.readFile(path).catch(unlessMissing),
      );
      return bytes && new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    },
    async write(name, bytes) {
      const path = placeOf(name);
      cleaned ??= cleanFolder(disk, folder);
      await cleaned;
      await writeFile(who, disk, path, bytes);
    },
    async list() {
      const names = await told(`${who}: the folder ${folder} could not be read`, () =>
        files.readdir(folder).catch(unlessMissing),
      );
      return (names ?? []).filter(isStorable);
    },
    async delete(name) {
      const path = placeOf(name);
      await told(`${who}: ${path} could not be removed`, () => files.unlink(path).catch(unlessMissing));
    },
  };
}

function unlessMissing(error: { readonly code?: unknown }): undefined {
  if (error.code !== "ENOENT") throw error;
}
