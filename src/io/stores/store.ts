/** What stores share: the interface, the names of what is in them, and how a failure is told. */
import { OptionError, StorageError } from "../../check/errors.js";
import { describe } from "../../check/options.js";

/**
 * Where checkpoints and files are kept, by name. One that you write yourself needs these four; `checkpoint` goes by them alone.
 */
export interface Store {
  /** The bytes of that name; undefined where there are none. */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /**
   * Puts bytes under a name, in place of what is there: all of them or, where it rejects, none. Once it resolves they outlast
   * the program, as far as the place can promise it.
   */
  write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** All names, in any order. */
  list(): Promise<readonly string[]>;
  /** Removes what is there under a name, if anything is. */
  delete(name: string): Promise<void>;
}

const LONGEST = 200;

/** Whether every store can have something of that name: as a file, a key, and a part of an address. */
export const isStorable = (name: string): boolean =>
  name.length <= LONGEST && /^[a-z0-9_][a-z0-9_.-]*$/i.test(name);

/** @throws OptionError for a name that is not one of every store */
export function checkName(who: string, name: unknown): void {
  if (typeof name === "string" && isStorable(name)) return;
  throw new OptionError(
    `${who}: the name is ${describe(name)}; needs letters, digits, "_", "-" and ".", ${LONGEST} at most, the first no "-" or ".".`,
  );
}

/** What the system said, in words. */
export const saidBy = (cause: unknown): string =>
  cause instanceof Error
    ? `${/^(Error|StorageError)$/.test(cause.name) || cause.message.startsWith(cause.name) ? "" : `${cause.name}: `}${cause.message}`
    : String(cause);

/** How to mend what a system says by these names or codes. */
const MENDS: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full: make room, or keep fewer.",
  EDQUOT: "The quota of the disk is used up: make room, or keep fewer.",
  EACCES: "Let this program write there, or choose another place.",
  EPERM: "Let this program write there, or choose another place.",
  EROFS: "Nothing can be written there: choose another place.",
  EISDIR: "It is a folder; give the path of a file.",
  ENOTDIR: "A part of the path is a file; give that of a folder.",
  ENOENT: "Look at the path.",
  // What Chromium calls a quota that is exceeded in the midst of a file.
  AbortError: "The browser gave up writing it, as when the quota of this origin is used up.",
  QuotaExceededError: "The quota of this origin is used up: delete what is not needed, or keep fewer.",
  SecurityError: "The page may not store here, as in a private window or a frame of another origin.",
  InvalidStateError: "The store is gone, as when its data is cleared: open it again.",
  NotFoundError: "The store is gone, as when its data is cleared: open it again.",
};

/** An error of the place that failed, as the package tells it. */
export function storageError(what: string, cause: unknown): StorageError {
  const { name, code } = Object(cause) as { readonly name?: unknown; readonly code?: unknown };
  const mend = [code, name].find((one) => typeof one === "string" && Object.hasOwn(MENDS, one));
  return new StorageError(
    `${what}: ${saidBy(cause)}.${mend === undefined ? "" : ` ${MENDS[mend as string]}`}`,
    { cause },
  );
}

/** Runs what may fail outside the package. @throws StorageError */
export async function told<T>(what: string, run: () => Promise<T> | T): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    // What the package says itself is said.
    if (String((Object(cause) as { readonly code?: unknown }).code).startsWith("WASMGRAD_")) throw cause;
    throw storageError(what, cause);
  }
}
