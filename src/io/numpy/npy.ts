/** Arrays of NumPy, in files of their own or within others. */
import { FormatError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { DTYPE_BYTES, type Dtype } from "../safetensors/dtypes.js";
import { type AnyNumbers, numbersOfBytes } from "../tensors/numbers.js";
import type { Source } from "../tensors/source.js";
import type { AllLimits, Entry } from "../tensors/tensorFile.js";
import { headerEnd, type NpyHeader, npyHeader, PREFIX_BYTES } from "./npyHeader.js";

/** What an array is read from: a file, or what unpacks to one. */
export type Npy = Pick<Source, "size" | "read">;

/**
 * An array by its header.
 *
 * @throws FormatError for a header that says what cannot be, and for another number of bytes than it says
 */
export async function npyEntry(who: string, name: string, file: Npy, limits: AllLimits): Promise<Entry> {
  const prefix = await file.read(0, Math.min(PREFIX_BYTES, file.size));
  const end = headerEnd(who, prefix, limits);
  if (end > file.size)
    throw new FormatError(`${who}: the header has ${end} bytes, the file ${file.size}: it is cut short.`);
  const header = npyHeader(who, await file.read(0, end), limits);
  const { dtype, descr, shape } = header;
  const bytes = file.size - header.start;
  if (dtype === undefined || header.bytes === undefined) {
    const refused = `${describe(descr)} is no type of numbers that this version reads.`;
    return {
      name,
      dtype: descr,
      shape,
      bytes,
      refused,
      numbers: () => Promise.reject(new FormatError(refused)),
    };
  }
  if (header.bytes !== bytes) {
    throw new FormatError(
      `${who}: there are ${bytes} bytes of numbers; needs ${header.bytes} by descr ${describe(descr)} and shape [${shape.join(", ")}].`,
    );
  }
  return {
    name,
    dtype,
    shape,
    bytes,
    numbers: async (at, type) => numbersOf(at, type, header, await file.read(header.start, bytes)),
  };
}

function numbersOf(at: string, dtype: Dtype, header: NpyHeader, bytes: Uint8Array<ArrayBuffer>): AnyNumbers {
  if (header.isBigEndian) reverseEach(bytes, DTYPE_BYTES[dtype]);
  const numbers = numbersOfBytes(at, dtype, bytes);
  return header.isFortran ? rowMajor(numbers, header.shape) : numbers;
}

/** The bytes of each number in the other order. */
function reverseEach(bytes: Uint8Array, width: number): void {
  if (width === 1) return;
  for (let i = 0; i < bytes.length; i += width) bytes.subarray(i, i + width).reverse();
}

/** Numbers whose first axis goes fastest, in the order in which the last one does. */
function rowMajor<T extends AnyNumbers>(numbers: T, shape: readonly number[]): T {
  const made = numbers.slice() as T;
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < numbers.length; to++) {
    (made as Record<number, unknown>)[to] = numbers[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis] as number;
      index[axis] = (index[axis] as number) + 1;
      if (index[axis] !== shape[axis]) break;
      from -= (strides[axis] as number) * (shape[axis] as number);
      index[axis] = 0;
    }
  }
  return made;
}
