import { FormatError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { bytesOf } from "../bytes.js";
import { checkHeader, checkTensors } from "../safetensors/checksums.js";
import type { Limits } from "../safetensors/limits.js";
import { type FileTensor, headerOf, readTensors } from "../safetensors/read.js";
import { isFormat1 } from "../snapshot/format1.js";
import { KEY } from "../snapshot/state.js";
import { parseStrict } from "../strictJson.js";
import { checkModel, FORMAT, FORMAT_WITH_LISTS, type ModelFile } from "./format.js";
import { refuseOthers } from "./others.js";

const SNAPSHOT =
  "a snapshot, which has no network in it; needs a model file, as save writes. Compile the network and call " +
  "model.restore(bytes)";

/** @throws FormatError for what is no model file, was changed, or says what cannot be */
export function readModel(
  who: string,
  given: unknown,
  limits: Limits,
): { readonly file: ModelFile; readonly tensors: readonly FileTensor[] } {
  const bytes = bytesOf(who, "a model file", given);
  if (isFormat1(bytes)) throw new FormatError(`${who}: the file is ${SNAPSHOT}.`);
  refuseOthers(who, bytes);
  checkHeader(who, headerOf(who, bytes, limits));
  const { metadata, tensors } = readTensors(who, bytes, limits);
  const text = metadata[KEY];
  const parsed = text === undefined ? undefined : parseStrict(who, "the description", text, limits.depth);
  const { kind, format } = Object(parsed) as Readonly<Record<string, unknown>>;
  if (kind === "snapshot") throw new FormatError(`${who}: the file is ${SNAPSHOT}.`);
  if (kind !== "model" || (format !== FORMAT && format !== FORMAT_WITH_LISTS)) {
    throw new FormatError(
      `${who}: a file of kind ${describe(kind)} and format ${describe(format)}; needs a model file of format ${FORMAT} or ${FORMAT_WITH_LISTS}, as ` +
        "save writes. Newer ones need a newer version of the package.",
    );
  }
  const file = checkModel(who, parsed);
  checkTensors(who, { metadata, tensors });
  return { file, tensors };
}
