import { OptionError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { writeFile } from "../stores/atomicFile.js";
import { type Writable, writeInto } from "../stores/opfsStore.js";
import { told } from "../stores/store.js";
import { isAddress, pathOf } from "./disk.js";
import type { Destination } from "./place.js";

/**
 * Puts a file in a place: all of it, or what was there stays.
 *
 * @throws StorageError when it cannot be written; OptionError for what is no place; UnsupportedError where there are no files
 */
export async function writePlace(
  who: string,
  to: Destination,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  if (typeof to === "string" || isAddress(to)) {
    const [disk, path] = pathOf(who, to, 'A page has download(bytes, "model.safetensors").');
    return writeFile(who, disk, path, bytes);
  }
  const { createWritable, name } = Object(to) as {
    readonly createWritable?: () => Promise<Writable>;
    readonly name?: string;
  };
  if (typeof createWritable !== "function") {
    throw new OptionError(
      `${who}: to is ${describe(to)}; needs a path, a file: URL, or the handle of a file.`,
    );
  }
  await told(`${who}: ${name} could not be written`, async () =>
    writeInto(await createWritable.call(to), bytes),
  );
}
