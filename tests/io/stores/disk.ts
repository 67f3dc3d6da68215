/**
 * A double of a disk: what is written is in the memory of the system until it is forced to the disk, bytes by `sync` of their file,
 * names by `sync` of their folder. It logs what it is asked for, so that each state that a loss of power may leave can be made; and
 * it fails at a call that is told.
 */
import { posix } from "node:path";
import type { Disk, OpenFile } from "../../../src/io/stores/fileSystem.ts";

/** A change of names in a folder. */
type Naming =
  | { readonly kind: "create"; readonly path: string; readonly file: number }
  | { readonly kind: "rename"; readonly path: string; readonly from: string; readonly file: number }
  | { readonly kind: "unlink"; readonly path: string };

type Entry =
  | Naming
  | { readonly kind: "data"; readonly file: number; readonly bytes: Uint8Array }
  | { readonly kind: "syncFile"; readonly file: number }
  | { readonly kind: "syncFolder"; readonly path: string }
  /** Of the test: what was stored so far, or is about to be. */
  | { readonly kind: "note"; readonly text: string };

const folderOf = posix.dirname;

/** How the bytes of a file that were not forced to the disk may be found. */
export const TEARS = {
  none: () => new Uint8Array(0),
  half: (bytes: Uint8Array) => bytes.subarray(0, bytes.length >> 1),
  zeros: (bytes: Uint8Array) => new Uint8Array(bytes.length),
  "half, then zeros": (bytes: Uint8Array) => bytes.map((byte, i) => (i < bytes.length >> 1 ? byte : 0)),
  all: (bytes: Uint8Array) => bytes,
} as const;
export type Tear = keyof typeof TEARS;

const failed = (code: string, what: string) => Object.assign(new Error(`${code}: ${what}`), { code });

export interface DoubleOptions {
  /** Bytes that a call of write takes at most. */
  readonly most?: number;
  /** The call that fails, counted from 1, and all of its kind from there on if it stays broken. */
  readonly failsAt?: number;
  readonly staysBroken?: boolean;
  readonly code?: string;
}

export class DoubleDisk implements Disk {
  readonly log: Entry[] = [];
  readonly paths = posix;
  readonly processes = {
    pid: 7,
    platform: "linux",
    kill() {
      throw failed("ESRCH", "no such process");
    },
  };
  readonly pathOfAddress = (address: string) => address;
  readonly names = new Map<string, number>();
  readonly contents = new Map<number, Uint8Array>();
  readonly folders = new Set<string>(["/"]);
  readonly #options: DoubleOptions;
  #next = 0;
  /** Calls so far. */
  calls = 0;
  /** What the call was that failed. */
  failed: string | undefined;

  constructor(options: DoubleOptions = {}) {
    this.#options = options;
  }

  note(text: string): void {
    this.log.push({ kind: "note", text });
  }

  #call(what: string): void {
    const { failsAt = Number.POSITIVE_INFINITY, staysBroken = false, code = "EIO" } = this.#options;
    this.calls++;
    if (this.calls < failsAt || (this.calls > failsAt && !staysBroken)) return;
    this.failed ??= what;
    throw failed(code, what);
  }

  readonly files = {
    mkdir: async (path: string) => {
      this.#call("mkdir");
      if (this.folders.has(path)) return undefined;
      this.folders.add(path);
      return path;
    },
    open: async (path: string, flags: "w" | "r"): Promise<OpenFile> => {
      this.#call(flags === "w" ? "create" : "open folder");
      if (flags === "r") return this.#folder(path);
      const file = this.#next++;
      this.names.set(path, file);
      this.contents.set(file, new Uint8Array(0));
      this.log.push({ kind: "create", path, file });
      return this.#file(file);
    },
    rename: async (from: string, path: string) => {
      this.#call("rename");
      const file = this.names.get(from);
      if (file === undefined) throw failed("ENOENT", from);
      this.names.delete(from);
      this.names.set(path, file);
      this.log.push({ kind: "rename", from, path, file });
    },
    unlink: async (path: string) => {
      this.#call("unlink");
      if (!this.names.delete(path)) throw failed("ENOENT", path);
      this.log.push({ kind: "unlink", path });
    },
    readdir: async (path: string) => {
      this.#call("readdir");
      if (!this.folders.has(path)) throw failed("ENOENT", path);
      return [...this.names.keys()].filter((one) => folderOf(one) === path).map((one) => posix.basename(one));
    },
    readFile: async (path: string) => {
      this.#call("readFile");
      const file = this.names.get(path);
      if (file === undefined) throw failed("ENOENT", path);
      return new Uint8Array(this.contents.get(file) as Uint8Array);
    },
  };

  #file(file: number): OpenFile {
    return {
      write: async (bytes, offset, length) => {
        this.#call("write");
        const written = bytes.slice(offset, offset + Math.min(length, this.#options.most ?? length));
        this.contents.set(file, Buffer.concat([this.contents.get(file) as Uint8Array, written]));
        this.log.push({ kind: "data", file, bytes: written });
        return { bytesWritten: written.length };
      },
      sync: async () => {
        this.#call("fsync");
        this.log.push({ kind: "syncFile", file });
      },
      close: async () => this.#call("close"),
    };
  }

  #folder(path: string): OpenFile {
    return {
      write: async () => {
        throw failed("EISDIR", path);
      },
      sync: async () => {
        this.#call("fsync of a folder");
        this.log.push({ kind: "syncFolder", path });
      },
      close: async () => this.#call("close"),
    };
  }

  /**
   * The disks that may be found after a loss of power behind the first `length` calls: all names and bytes that were forced to it,
   * any of the other changes of names, and the other bytes as they were torn.
   */
  *after(length: number): Generator<DoubleDisk> {
    const log = this.log.slice(0, length);
    const isNaming = (one: Entry): one is Naming => ["create", "rename", "unlink"].includes(one.kind);
    const namings = log.flatMap((one, at) => {
      if (!isNaming(one)) return [];
      const folder = folderOf(one.path);
      const isSafe = log.slice(at).some((later) => later.kind === "syncFolder" && later.path === folder);
      return [{ one, isSafe }];
    });
    const unsafe = namings.filter(({ isSafe }) => !isSafe).map(({ one }) => one);
    const hasTorn = log.some(
      (one, at) =>
        one.kind === "data" && !log.slice(at).some((s) => s.kind === "syncFile" && s.file === one.file),
    );
    for (let subset = 0; subset < 2 ** unsafe.length; subset++) {
      for (const tear of hasTorn ? (Object.keys(TEARS) as Tear[]) : (["all"] as const)) {
        const found = new DoubleDisk();
        for (const folder of this.folders) found.folders.add(folder);
        for (const { one, isSafe } of namings) {
          if (!isSafe && !(subset & (1 << unsafe.indexOf(one)))) continue;
          if (one.kind === "rename") found.names.delete(one.from);
          if (one.kind === "unlink") found.names.delete(one.path);
          else found.names.set(one.path, one.file);
        }
        for (const file of found.names.values()) found.contents.set(file, contentOf(log, file, TEARS[tear]));
        yield found;
      }
    }
  }
}

/** The bytes of a file: those before its last sync as they are, those behind it torn. */
function contentOf(log: readonly Entry[], file: number, tear: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  const synced = log.findLastIndex((one) => one.kind === "syncFile" && one.file === file);
  const bytesOf = (part: readonly Entry[]) =>
    Buffer.concat(part.flatMap((one) => (one.kind === "data" && one.file === file ? [one.bytes] : [])));
  return Buffer.concat([bytesOf(log.slice(0, synced + 1)), tear(bytesOf(log.slice(synced + 1)))]);
}
