import { FormatError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { bytesOf } from "../bytes.js";
import { checkRule } from "../rules.js";
import { DTYPE_BYTES } from "../safetensors/dtypes.js";
import { type FileLimits, type Limits, limitsOption } from "../safetensors/limits.js";
import { bytesOfShape, HEADER, headerOf, LENGTH_BYTES, type TensorInfo } from "../safetensors/read.js";
import { isFormat1, readFormat1 } from "../snapshot/format1.js";
import { KEY } from "../snapshot/state.js";
import { parseStrict } from "../strictJson.js";
import { refuseOthers } from "./others.js";

/** What a file says of a tensor. */
export interface InspectedTensor {
  readonly name: string;
  /** The type of its numbers: `F32`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: number;
  /** Why it cannot be read, where that is so: a type that this version does not know. */
  readonly refused?: string;
}

/** What `inspect` tells of a file. */
export interface Inspection {
  /** `model` as `save` writes it, `snapshot`, or `safetensors` of another program. */
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

/**
 * What a file is and holds, from its header alone: nothing is built, no tensor and no checksum is looked at. A tensor of an
 * unknown type is refused by itself, and told as such.
 *
 * @throws FormatError for bytes that are no safetensors file and no snapshot, naming what they are where that is known, and
 *   for a header that says what cannot be
 */
export function inspect(
  bytes: Uint8Array | ArrayBuffer,
  options: { readonly limits?: FileLimits } = {},
): Inspection {
  checkSurplus("inspect", arguments, 2);
  const { limits } = take("inspect", options, { limits: limitsOption });
  const file = bytesOf("inspect", "a file", bytes);
  return isFormat1(file) ? ofFormat1(file, limits) : ofSafetensors(file, limits);
}

function ofFormat1(file: Uint8Array<ArrayBuffer>, limits: Limits): Inspection {
  const { state, tensors } = readFormat1("inspect", file, limits);
  return {
    kind: "snapshot",
    format: 1,
    madeBy: "wasmgrad",
    bytes: file.length,
    tensors: tensors.map(({ name, dtype, shape, bytes }) => ({ name, dtype, shape, bytes: bytes.length })),
    metadata: state.attachments ?? {},
  };
}

function ofSafetensors(file: Uint8Array<ArrayBuffer>, limits: Limits): Inspection {
  refuseOthers("inspect", file);
  const header = headerOf("inspect", file, limits);
  const parsed = parseStrict("inspect", "the header", header, limits.depth);
  checkRule("inspect", HEADER, parsed);
  const { __metadata__: strings = {}, ...infos } = parsed as {
    readonly __metadata__?: Record<string, string>;
  };
  const tensors = tensorsOf(
    infos as Record<string, TensorInfo>,
    file.length - LENGTH_BYTES - header.length,
    limits,
  );
  const { [KEY]: text, crc32c: _, ...others } = strings;
  const said = text === undefined ? undefined : parseStrict("inspect", "the description", text, limits.depth);
  const { kind, format, madeBy, metadata, attachments } = Object(said) as Readonly<Record<string, unknown>>;
  const isOwn = kind === "model" || kind === "snapshot";
  const plain = Object(kind === "model" ? metadata : attachments) as Record<string, unknown>;
  return {
    kind: isOwn ? kind : "safetensors",
    format: isOwn && typeof format === "number" ? format : undefined,
    madeBy: typeof madeBy === "string" ? madeBy : isOwn ? "wasmgrad" : undefined,
    bytes: file.length,
    tensors,
    metadata: isOwn ? plain : others,
  };
}

/** @throws FormatError for holes, overlaps, and sizes that are not those of known types */
function tensorsOf(
  infos: Readonly<Record<string, TensorInfo>>,
  bytes: number,
  limits: Limits,
): InspectedTensor[] {
  const listed = Object.entries(infos);
  if (listed.length > limits.tensors) {
    throw new FormatError(
      `inspect: the header lists ${listed.length} tensors; needs at most ${limits.tensors}.`,
    );
  }
  listed.sort(([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1]);
  let end = 0;
  const tensors = listed.map(
    ([
      name,
      {
        dtype,
        shape,
        data_offsets: [from, to],
      },
    ]) => {
      const isKnown = Object.hasOwn(DTYPE_BYTES, dtype);
      const needed = isKnown ? bytesOfShape(dtype, shape) : to - from;
      if (from !== end || to - from !== needed || to < from) {
        throw new FormatError(
          `inspect: ${describe(name)}.data_offsets is [${from}, ${to}]; needs ${needed} bytes from ${end} on, by dtype and shape.`,
        );
      }
      end = to;
      const refused = `${describe(dtype)} is no type of numbers that this version reads.`;
      return { name, dtype, shape, bytes: to - from, ...(isKnown ? {} : { refused }) };
    },
  );
  if (end === bytes) return tensors;
  throw new FormatError(`inspect: the file has ${bytes} bytes of tensors; needs ${end}, as its header says.`);
}
