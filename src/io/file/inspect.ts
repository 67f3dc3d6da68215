import { FormatError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { take } from "../../check/schema.js";
import { isBrain, readBrain } from "../brain/brainNetwork.js";
import { isFormat1, readFormat1 } from "../snapshot/format1.js";
import { KEY } from "../snapshot/state.js";
import { parseStrict } from "../strictJson.js";
import { FIRST_BYTES, type KindOf, tensorsOf } from "../tensors/openTensors.js";
import { type Source, sourceOf, type TensorSource } from "../tensors/source.js";
import {
  type AllLimits,
  type InspectedTensor,
  type TensorFile,
  type TensorLimits,
  tensorLimits,
} from "../tensors/tensorFile.js";

/** What `inspect` tells of a file. */
export interface Inspection {
  /**
   * `model` as `save` writes it, `snapshot`, `safetensors` of another program, `npy` or `npz` of NumPy, `brain.js`, `network` as
   * `toJSON` gives it, or `encoder`.
   */
  readonly kind: string;
  /** Of its kind; undefined of other programs' files. */
  readonly format: number | undefined;
  /** What wrote it, where the file says so: `wasmgrad 0.1.0`. */
  readonly madeBy: string | undefined;
  /** Of the whole file. */
  readonly bytes: number;
  /** In the order of their bytes. */
  readonly tensors: readonly InspectedTensor[];
  /** What `save` was given as metadata; the attachments of a snapshot; the strings of another program's file. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface InspectOptions {
  /** What the file may ask for at most: for files of strangers. */
  readonly limits?: TensorLimits;
}

export async function inspect(
  kindOf: KindOf,
  given: TensorSource,
  options: InspectOptions = {},
): Promise<Inspection> {
  const { limits } = take("inspect", options, { limits: tensorLimits });
  const source = await sourceOf("inspect", given);
  try {
    return await inspected(kindOf, "inspect", source, limits);
  } finally {
    await source.close();
  }
}

const NOTHING = { format: undefined, madeBy: undefined, metadata: {} };

async function inspected(
  kindOf: KindOf,
  who: string,
  source: Source,
  limits: AllLimits,
): Promise<Inspection> {
  const first = await source.read(0, Math.min(FIRST_BYTES, source.size));
  if (isFormat1(first)) return ofFormat1(who, await whole(who, source, limits), limits);
  const isText = /^\s*[{[]/.test(String.fromCharCode(...first)) && first[7] !== 0;
  if (isText) return ofText(who, await whole(who, source, limits), limits);
  return ofTensors(who, await tensorsOf(kindOf, who, source, limits), limits);
}

/** @throws FormatError for more than the limits let */
function whole(
  who: string,
  { size, read }: Source,
  { unpackedBytes }: AllLimits,
): Promise<Uint8Array<ArrayBuffer>> {
  if (size <= unpackedBytes) return read(0, size);
  throw new FormatError(
    `${who}: the file has ${size} bytes, and is of a kind that is read whole; needs at most ${unpackedBytes}.`,
  );
}

function ofFormat1(who: string, file: Uint8Array<ArrayBuffer>, limits: AllLimits): Inspection {
  const { state, tensors } = readFormat1(who, file, limits);
  return {
    kind: "snapshot",
    format: 1,
    madeBy: "wasmgrad",
    bytes: file.length,
    tensors: tensors.map(({ name, dtype, shape, bytes }) => ({ name, dtype, shape, bytes: bytes.length })),
    metadata: state.attachments ?? {},
  };
}

type Said = Readonly<Record<string, unknown>>;

function ofTensors(who: string, file: TensorFile, limits: AllLimits): Inspection {
  const { kind, bytes, tensors } = file;
  const { [KEY]: text, crc32c: _, ...others } = file.metadata;
  const said = text === undefined ? undefined : parseStrict(who, "the description", text, limits.depth);
  const { kind: own, format, madeBy, metadata, attachments } = Object(said) as Said;
  const isOwn = own === "model" || own === "snapshot";
  const plain = Object(own === "model" ? metadata : attachments) as Record<string, unknown>;
  return {
    kind: isOwn ? own : kind,
    format: isOwn && typeof format === "number" ? format : undefined,
    madeBy: typeof madeBy === "string" ? madeBy : isOwn ? "wasmgrad" : undefined,
    bytes,
    tensors,
    metadata: isOwn ? plain : others,
  };
}

/** Kinds of JSON that are not read here, each by fields that only it has. */
const OTHERS: readonly (readonly [fields: readonly string[], is: string])[] = [
  [["modelTopology", "weightsManifest"], "a model of TensorFlow.js (model.json)"],
  [["class_name", "config"], "a configuration of Keras, without weights"],
  [["metadata", "weight_map"], "the index of several safetensors files; give one of those"],
];

function ofText(who: string, file: Uint8Array<ArrayBuffer>, limits: AllLimits): Inspection {
  const json = parseStrict(who, "the JSON", file, limits.depth);
  const { kind, format, encoder } = Object(json) as Said;
  const found = { ...NOTHING, bytes: file.length, tensors: [] };
  const numbered = typeof format === "number" ? format : undefined;
  if (isBrain(json)) {
    const { sizes, layers } = readBrain(who, json);
    const tensor = (name: string, shape: number[]): InspectedTensor => ({
      name,
      dtype: "JSON",
      shape,
      bytes: 0,
    });
    const tensors = layers.flatMap((_, i) => [
      tensor(`layers[${i + 1}].weights`, [sizes[i + 1] as number, sizes[i] as number]),
      tensor(`layers[${i + 1}].biases`, [sizes[i + 1] as number]),
    ]);
    return { ...found, kind: "brain.js", madeBy: "brain.js", tensors };
  }
  if (kind === "network") return { ...found, kind, format: numbered, madeBy: "wasmgrad" };
  if (typeof encoder === "string") {
    return { ...found, kind: "encoder", format: numbered, madeBy: "wasmgrad", metadata: { encoder } };
  }
  const is = OTHERS.find(([fields]) =>
    fields.every((one) => Object.hasOwn(Object(json) as object, one)),
  )?.[1];
  throw new FormatError(
    `${who}: the file is ${is ?? `a text of JSON, ${describe(json)}`}; needs a file of wasmgrad, tensors, or what brain.js writes.`,
  );
}
