/** Files of tensors of whatever format, told by how they begin. */
import { FormatError } from "../../check/errors.js";
import { take } from "../../check/schema.js";
import { kindOfOthers } from "../file/others.js";
import { npyEntry } from "../numpy/npy.js";
import { MAGIC } from "../numpy/npyHeader.js";
import { npzEntries } from "../numpy/npz.js";
import { openSafetensors } from "../safetensors/open.js";
import { type Source, sourceOf } from "./source.js";
import {
  type AllLimits,
  type TensorFile,
  type TensorLimits,
  tensorFile,
  tensorLimits,
} from "./tensorFile.js";

export interface OpenTensorsOptions {
  /** What the file may ask for at most: for files of strangers. */
  readonly limits?: TensorLimits;
}

export async function openTensors(given: unknown, options: OpenTensorsOptions = {}): Promise<TensorFile> {
  const { limits } = take("openTensors", options, { limits: tensorLimits });
  return openAnyTensors("openTensors", given, limits);
}

/** @throws FormatError for what is no such file, naming what it is where that is known */
export async function openAnyTensors(who: string, given: unknown, limits: AllLimits): Promise<TensorFile> {
  const source = await sourceOf(who, given);
  try {
    return await tensorsOf(who, source, limits);
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** Bytes by which files are told from each other. */
export const FIRST_BYTES = 16;

export async function tensorsOf(who: string, source: Source, limits: AllLimits): Promise<TensorFile> {
  const first = await source.read(0, Math.min(FIRST_BYTES, source.size));
  const is = kindOfOthers(first);
  if (is !== undefined && startsWith(first, MAGIC)) {
    return tensorFile({ kind: "npy" }, source, [await npyEntry(who, "", source, limits)]);
  }
  if (is !== undefined && startsWith(first, "PK")) {
    return tensorFile({ kind: "npz" }, source, await npzEntries(who, source, limits));
  }
  if (is !== undefined) {
    throw new FormatError(`${who}: the file is ${is}; needs tensors: safetensors, .npy or .npz.`);
  }
  const { metadata, entries } = await openSafetensors(who, source, limits);
  return tensorFile({ kind: "safetensors", metadata }, source, entries);
}

const startsWith = (bytes: Uint8Array, text: string): boolean =>
  [...text].every((letter, i) => bytes[i] === letter.charCodeAt(0));
