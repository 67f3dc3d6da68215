/** A snapshot of any format as what it holds, checked. */
import { FormatError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { bytesOf } from "../bytes.js";
import { checkHeader, checkTensors } from "../safetensors/checksums.js";
import type { Limits } from "../safetensors/limits.js";
import { headerOf, readTensors } from "../safetensors/read.js";
import { parseStrict } from "../strictJson.js";
import { isFormat1, readFormat1 } from "./format1.js";
import { checkState, FORMAT, KEY, type Snapshot, type SnapshotState } from "./state.js";

/** @throws FormatError for what is no snapshot, was changed, or says what cannot be */
export function readSnapshot(who: string, given: unknown, limits: Limits): Snapshot {
  const bytes = bytesOf(who, "a snapshot", given);
  if (isFormat1(bytes)) return readFormat1(who, bytes, limits);
  checkHeader(who, headerOf(who, bytes, limits));
  const file = readTensors(who, bytes, limits);
  const text = file.metadata[KEY];
  const parsed = text === undefined ? undefined : parseStrict(who, "the state", text, limits.depth);
  const state = checkKind(who, parsed);
  checkTensors(who, file);
  return { state, tensors: file.tensors };
}

/** Parsed JSON as the state of a snapshot. @throws FormatError for what is none, or of a newer version */
export function checkKind(who: string, parsed: unknown): SnapshotState {
  const { kind, format } = Object(parsed) as Readonly<Record<string, unknown>>;
  if (kind === "snapshot" && format === FORMAT) return checkState(who, parsed);
  throw new FormatError(
    `${who}: a file of kind ${describe(kind)} and format ${describe(format)}; needs a snapshot of format 1 or ${FORMAT}. ` +
      "Newer ones need a newer version of the package.",
  );
}
