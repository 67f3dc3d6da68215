import { FormatError, OptionError } from "../../check/errors.js";
import { flag, text } from "../../check/kinds.js";
import { describe } from "../../check/options.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { bytesOf } from "../bytes.js";
import { checkHeader, checkTensors } from "../safetensors/checksums.js";
import { type FileLimits, type Limits, limitsOption } from "../safetensors/limits.js";
import { headerOf, readTensors } from "../safetensors/read.js";
import { checkKind } from "../snapshot/read.js";
import { KEY } from "../snapshot/state.js";
import { parseStrict } from "../strictJson.js";
import { namedIn } from "./names.js";
import { checkName, type Store } from "./store.js";

export interface ReadCheckpointOptions {
  /** As `checkpoint` was given it; default `checkpoint`. */
  readonly name?: string;
  /** true: the best in place of the last; default false. */
  readonly best?: boolean;
  /** What the file may ask for at most. */
  readonly limits?: FileLimits;
}

/** A checkpoint that was found in a store. */
export interface FoundCheckpoint {
  /** For `model.restore`. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its name in the store. */
  readonly file: string;
  /** Steps over the life of the model. */
  readonly step: number;
  /** Whether it was the best when it was stored. */
  readonly isBest: boolean;
  /** Later ones that are not whole, and were passed over: the names in the store. */
  readonly damaged: readonly string[];
}

/**
 * The last checkpoint that `checkpoint` has put into a store, or the best; undefined where there is none. One that is not whole,
 * by its checksums, is passed over for the one before.
 *
 * ```js
 * const store = fileStore("checkpoints");
 * const last = await readCheckpoint(store);
 * if (last) model.restore(last.bytes);
 * await model.fit(data, { epochs: 50, resume: last !== undefined, callbacks: [checkpoint({ store })] });
 * ```
 *
 * @throws FormatError when none of those that there are is whole, and for one of a newer version of the package; StorageError when
 *   the store cannot be read
 */
export async function readCheckpoint(
  store: Store,
  options: ReadCheckpointOptions = {},
): Promise<FoundCheckpoint | undefined> {
  const who = "readCheckpoint";
  checkSurplus(who, arguments, 2);
  if (typeof Object(store).list !== "function") {
    throw new OptionError(`${who}: got ${describe(store)}; needs a store, as fileStore("checkpoints").`);
  }
  const { name, best, limits } = take(who, options, {
    name: text("checkpoint"),
    best: flag(false),
    limits: limitsOption,
  });
  checkName(who, name);
  const damaged: string[] = [];
  let cause: unknown;
  const all = namedIn(name, await store.list()).filter(({ isBest }) => isBest || !best);
  for (const { file, isBest } of all.reverse()) {
    const found = await wholeIn(store, file, limits);
    if (found instanceof FormatError) {
      damaged.push(file);
      cause ??= found;
      // Undefined: it was removed since, for a later one.
    } else if (found !== undefined) return { ...found, file, isBest, damaged };
  }
  if (damaged.length === 0) return undefined;
  throw new FormatError(
    `${who}: none of ${damaged.length} checkpoints is whole: ${damaged.slice(0, 3).join(", ")}. Put copies of them in place, or ` +
      "delete them to begin anew.",
    { cause },
  );
}

/** A checkpoint, or why it is not whole. @throws FormatError for one that is whole, and of another kind or a newer version */
async function wholeIn(store: Store, file: string, limits: Limits) {
  const who = `readCheckpoint: ${file}`;
  let bytes: Uint8Array<ArrayBuffer> | undefined;
  let text: string | undefined;
  try {
    const given = await store.read(file);
    if (given === undefined) return undefined;
    bytes = bytesOf(who, "a checkpoint", given);
    checkHeader(who, headerOf(who, bytes, limits));
    const { metadata, tensors } = readTensors(who, bytes, limits);
    checkTensors(who, { metadata, tensors });
    text = metadata[KEY];
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  const { step } = checkKind(who, parseStrict(who, "the state", text ?? "null", limits.depth));
  return { bytes, step };
}
