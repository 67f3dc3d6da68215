/** Files of tensors, whatever their format: listed from the header, each tensor read when it is asked for. */
import { FormatError, OptionError } from "../../check/errors.js";
import { integer } from "../../check/kinds.js";
import { choose, describe } from "../../check/options.js";
import { type Kind, take } from "../../check/schema.js";
import type { Dtype } from "../safetensors/dtypes.js";
import { type FileLimits, LIMITS, type Limits } from "../safetensors/limits.js";
import { type AnyNumbers, converted, isDtype, type Numbers } from "./numbers.js";
import type { Source } from "./source.js";

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

/** A tensor that was read. */
export interface ReadTensor<D extends Dtype = Dtype> {
  readonly name: string;
  /** The type of its numbers, in the file or as it was asked for. `F16` and `BF16` come as f32, which holds all of them. */
  readonly dtype: D;
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: Numbers[D];
}

/** What a file may ask for that is unpacked. */
export interface TensorLimits extends FileLimits {
  /** Bytes that a tensor may unpack to, and text that is no header; default 1 GiB. */
  readonly unpackedBytes?: number;
}

const SCHEMA = { ...LIMITS, unpackedBytes: /* @__PURE__ */ integer(1, 2 ** 30) };

export type AllLimits = Limits & { readonly unpackedBytes: number };

/** The kind of the option `limits`. */
export const tensorLimits: Kind<AllLimits, TensorLimits | undefined> = (who, name, given = {}) =>
  take(`${who}: ${name}`, given, SCHEMA);

/** A tensor of a file, and how it is read there. */
export interface Entry extends InspectedTensor {
  /** Numbers in row-major order. @throws FormatError */
  numbers(who: string, dtype: Dtype): Promise<AnyNumbers>;
}

const dtypeOption: Kind<Dtype | undefined> = (who, name, given) => {
  if (given === undefined || isDtype(given)) return given;
  throw new OptionError(
    `${who}: ${name} is ${describe(given)}; needs a type of numbers: "F32", "I64", "BOOL" ….`,
  );
};

/** A file of tensors that `openTensors` opened. */
export interface TensorFile {
  /** `safetensors`, `npy` or `npz`. */
  readonly kind: string;
  /** Of the whole file. */
  readonly bytes: number;
  /** In the order of their bytes. */
  readonly tensors: readonly InspectedTensor[];
  /** The strings of `__metadata__`; none in the others. */
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * One tensor, by its name; where there is no more than one that may be left out. Reads its bytes and no others.
   *
   * @param options `as` is the type that it is converted to: floats to the nearest, ties to even
   * @throws OptionError for a name that there is not; FormatError for a tensor of an unknown type, or that is damaged;
   *   DataError for a number that the type does not hold
   */
  read<D extends Dtype = Dtype>(name?: string, options?: { readonly as?: D }): Promise<ReadTensor<D>>;
  /** Closes the file, if it was opened by its path. */
  close(): Promise<void>;
}

export function tensorFile(
  { kind, metadata = {} }: { readonly kind: string; readonly metadata?: Readonly<Record<string, string>> },
  source: Source,
  entries: readonly Entry[],
): TensorFile {
  const byName = new Map(entries.map((one) => [one.name, one]));
  return {
    kind,
    bytes: source.size,
    tensors: entries.map(({ numbers: _, ...one }) => one),
    metadata,
    async read<D extends Dtype>(name?: string, options: { readonly as?: D } = {}) {
      const who = "read";
      const { as } = take(who, options as { readonly as?: Dtype }, { as: dtypeOption });
      const names = Object.fromEntries(entries.map((one) => [one.name, one]));
      const only = name === undefined && entries.length === 1 ? entries[0] : undefined;
      const entry = only ?? byName.get(name as string) ?? choose(who, "tensor", name as string, names);
      const { dtype, shape, refused } = entry;
      const at = `${who}: ${describe(entry.name)}`;
      if (refused !== undefined || !isDtype(dtype)) throw new FormatError(`${at} cannot be read: ${refused}`);
      const data = await entry.numbers(at, dtype);
      const to = (as ?? dtype) as D;
      const isSame = to === (dtype as string);
      return {
        name: entry.name,
        dtype: to,
        shape,
        data: isSame ? (data as Numbers[D]) : converted(at, data as ArrayLike<number | bigint>, to),
      };
    },
    close: () => source.close(),
  };
}
