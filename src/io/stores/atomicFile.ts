/**
 * Files that are whole or not there: the bytes go to a temporary file beside the place, which is forced to the disk and only
 * then renamed, and the rename is forced to the disk with its folder. Whatever stops the program or the machine, the place has
 * what was there before, or all that is new.
 */
import type { Disk } from "./fileSystem.js";
import { told } from "./store.js";

/** What temporary files are called: `.name.<process>.<number>.tmp`. */
const TEMPORARY = /^\..+\.(\d+)\.\d+\.tmp$/;

let count = 0;
/** Temporary files that this process is writing. */
const own = new Set<string>();

/** @throws StorageError; the place then has what it had before, but where the last step alone failed */
export async function writeFile(who: string, disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  const { paths, files, processes } = disk;
  const folder = paths.dirname(path);
  await makeFolder(who, disk, folder);
  const temporary = paths.resolve(folder, `.${paths.basename(path)}.${processes.pid}.${++count}.tmp`);
  own.add(temporary);
  try {
    await told(`${who}: ${path} could not be written`, async () => {
      await writeAll(disk, temporary, bytes);
      await files.rename(temporary, path);
    });
  } catch (error) {
    await files.unlink(temporary).catch(() => undefined);
    throw error;
  } finally {
    own.delete(temporary);
  }
  await told(`${who}: ${path} was written, and its folder not forced to the disk`, () =>
    syncFolder(disk, folder),
  );
}

async function writeAll({ files }: Disk, path: string, bytes: Uint8Array): Promise<void> {
  const file = await files.open(path, "w");
  try {
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await file.write(bytes, at, bytes.length - at);
      if (!(bytesWritten > 0)) throw new Error("the system wrote none of the bytes that are left");
      at += bytesWritten;
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A folder that is made must outlast the machine too: its name stands in the one above. */
async function makeFolder(who: string, disk: Disk, folder: string): Promise<void> {
  const { files, paths } = disk;
  await told(`${who}: the folder ${folder} could not be made`, async () => {
    const first = await files.mkdir(folder, { recursive: true });
    if (first === undefined) return;
    const top = paths.dirname(paths.resolve(first));
    for (let at = paths.resolve(folder); at !== top && at !== paths.dirname(at); ) {
      at = paths.dirname(at);
      await syncFolder(disk, at);
    }
  });
}

async function syncFolder({ files, processes }: Disk, folder: string): Promise<void> {
  // Windows has no such call for folders.
  if (processes.platform === "win32") return;
  const file = await files.open(folder, "r");
  try {
    await file.sync();
  } catch (error) {
    // Some file systems know no fsync of a folder, and say so; what failed says another thing.
    if (!/^(EINVAL|ENOTSUP)$/.test(String((error as { readonly code?: unknown }).code))) throw error;
  } finally {
    await file.close();
  }
}

/** Removes temporary files whose writers are gone. */
export async function cleanFolder(disk: Disk, folder: string): Promise<void> {
  const names = await disk.files.readdir(folder).catch(() => []);
  for (const name of names) {
    const writer = TEMPORARY.exec(name)?.[1];
    const path = disk.paths.resolve(folder, name);
    if (writer === undefined || own.has(path) || isAlive(disk, Number(writer))) continue;
    await disk.files.unlink(path).catch(() => undefined);
  }
}

function isAlive({ processes }: Disk, pid: number): boolean {
  // Of its own, it knows those that it is writing.
  if (pid === processes.pid) return false;
  try {
    processes.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { readonly code?: unknown }).code !== "ESRCH";
  }
}
