/** Paths and addresses of files on a disk. */
import { OptionError, UnsupportedError } from "../../check/errors.js";
import { type Disk, diskHere } from "../stores/fileSystem.js";
import type { AddressLike } from "./place.js";

export const isAddress = (given: unknown): given is AddressLike =>
  typeof Object(given).href === "string" && typeof Object(given).protocol === "string";

/** Of a string that says itself that it is no path. */
export const protocolOf = (text: string): string | undefined =>
  /^(https?|file|blob|data):/i.exec(text)?.[0].toLowerCase();

/** The path of a file, by a path or a `file:` address. @throws OptionError for an address of another kind; UnsupportedError */
export function pathOf(who: string, place: string | AddressLike, mend: string): readonly [Disk, string] {
  const protocol = typeof place === "string" ? protocolOf(place) : place.protocol;
  const text = typeof place === "string" ? place : place.href;
  if (protocol !== undefined && protocol !== "file:") {
    throw new OptionError(`${who}: ${text.slice(0, 80)} is no file; needs a path, or a file: URL.`);
  }
  const disk = diskHere();
  if (disk === undefined) throw new UnsupportedError(`${who}: there are no files here. ${mend}`);
  return [disk, protocol === undefined ? text : disk.pathOfAddress(text)];
}
