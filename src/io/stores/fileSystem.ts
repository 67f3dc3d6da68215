/** The part of a file system that files are written by: Node's, which Deno and Bun have too, or a double of it. */
import { UnsupportedError } from "../../check/errors.js";

export interface OpenFile {
  /** Writes some of the bytes, and says how many. */
  write(bytes: Uint8Array, offset: number, length: number): Promise<{ readonly bytesWritten: number }>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface FileSystem {
  /** @returns the first folder that was made, undefined when all were there */
  mkdir(path: string, options: { readonly recursive: true }): Promise<string | undefined>;
  open(path: string, flags: "w" | "r"): Promise<OpenFile>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  readdir(path: string): Promise<string[]>;
  readFile(path: string): Promise<Uint8Array<ArrayBuffer>>;
}

/** What is known of the process that writes. */
export interface Processes {
  readonly pid: number;
  readonly platform: string;
  /** Throws an error with the code ESRCH for a process that there is not. */
  kill(pid: number, signal: 0): unknown;
}

interface Paths {
  dirname(path: string): string;
  basename(path: string): string;
  join(...parts: readonly string[]): string;
  resolve(...parts: readonly string[]): string;
}

interface Addresses {
  fileURLToPath(address: string): string;
}

/** All that files need of the runtime. */
export interface Disk {
  readonly files: FileSystem;
  readonly paths: Paths;
  readonly processes: Processes;
  /** The path of a `file:` address. */
  pathOfAddress(address: string): string;
}

interface Scope {
  readonly process?: Processes & { getBuiltinModule?(name: string): unknown };
}

/** The disk of this runtime, if it has one. */
export function diskHere(): Disk | undefined {
  const { process } = globalThis as Scope;
  const files = process?.getBuiltinModule?.("node:fs/promises") as FileSystem | undefined;
  const paths = process?.getBuiltinModule?.("node:path") as Paths | undefined;
  const addresses = process?.getBuiltinModule?.("node:url") as Addresses | undefined;
  // An edge runtime may have the modules' names alone.
  if (process === undefined || typeof files?.open !== "function" || paths === undefined) return undefined;
  const pathOfAddress = (address: string) => addresses?.fileURLToPath(address) ?? address;
  return { files, paths, processes: process, pathOfAddress };
}

/** @throws UnsupportedError where there are no files */
export function needDisk(who: string): Disk {
  const disk = diskHere();
  if (disk !== undefined) return disk;
  throw new UnsupportedError(
    `${who}: there are no files here; needs Node, Deno or Bun. A page has opfsStore and indexedDbStore, a worker at the edge ` +
      "keyValueStore.",
  );
}
