/** Files of tensors of whatever format, told by how they begin. */
import { FormatError } from "../../check/errors.js";
import { take } from "../../check/schema.js";
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

/**
 * What a file of another kind is, by its first bytes. It is given, as what is imported late must share no source with what an
 * entry has by itself: bundles would load both.
 */
export type KindOf = (bytes: Uint8Array) => string | undefined;

export interface OpenTensorsOptions {
  /** What the file may ask for at most: for files of strangers. */
  readonly limits?: TensorLimits;
}

export async function openTensors(
  kindOf: KindOf,
  given: unknown,
  options: OpenTensorsOptions = {},
): Promise<TensorFile> {
  const { limits } = take("openTensors", options, { limits: tensorLimits });
  return openAnyTensors(kindOf, "openTensors", given, limits);
}

/** @throws FormatError for what is no such file, naming what it is where that is known */
export async function openAnyTensors(
  kindOf: KindOf,
  who: string,
  given: unknown,
  limits: AllLimits,
): Promise<TensorFile> {
  const source = await sourceOf(who, given);
  try {
    return await tensorsOf(kindOf, who, source, limits);
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** Bytes by which files are told from each other. */
export const FIRST_BYTES = 16;

export async function tensorsOf(
  kindOf: KindOf,
  who: string,
  source: Source,
  limits: AllLimits,
): Promise<TensorFile> {
  const first = await source.read(0, Math.min(FIRST_BYTES, source.size));
  const is = kindOf(first);
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
