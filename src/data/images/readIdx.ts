import { FormatError } from "../../check/errors.js";
import { checkSurplus } from "../../check/surplus.js";

/** What an IDX file holds. */
export interface IdxFile {
  /** Sizes of its axes, as [60000, 28, 28]. */
  readonly shape: readonly number[];
  /** Its numbers, the last axis first, in this machine's order of bytes. */
  readonly data: Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;
}

/** How numbers are read, by the third byte of the file. */
const TYPES: Readonly<
  Record<number, { readonly bytes: number; read(view: DataView, count: number): IdxFile["data"] }>
> = {
  8: { bytes: 1, read: (view, n) => new Uint8Array(view.buffer, view.byteOffset, n).slice() },
  9: { bytes: 1, read: (view, n) => new Int8Array(view.buffer, view.byteOffset, n).slice() },
  11: { bytes: 2, read: (view, n) => Int16Array.from({ length: n }, (_, i) => view.getInt16(2 * i)) },
  12: { bytes: 4, read: (view, n) => Int32Array.from({ length: n }, (_, i) => view.getInt32(4 * i)) },
  13: { bytes: 4, read: (view, n) => Float32Array.from({ length: n }, (_, i) => view.getFloat32(4 * i)) },
  14: { bytes: 8, read: (view, n) => Float64Array.from({ length: n }, (_, i) => view.getFloat64(8 * i)) },
};

/**
 * Reads an IDX file, as MNIST and its kin come (yann.lecun.com/exdb/mnist, "the IDX file format"): two zeros, the type,
 * the number of axes, their sizes as big-endian words of 32 bits, the numbers.
 *
 * @throws FormatError for what is no such file, is compressed, or has more or fewer numbers than it says
 */
export function readIdx(bytes: Uint8Array): IdxFile {
  checkSurplus("readIdx", arguments, 1);
  const fail = (what: string, needs: string) => new FormatError(`readIdx: ${what}; needs ${needs}.`);
  if (!(bytes instanceof Uint8Array)) throw fail("what was given is no Uint8Array", "the bytes of a file");
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    const mend = '. Send it through new DecompressionStream("gzip")';
    throw fail("the file is compressed by gzip", `what is in it${mend}`);
  }
  const type = TYPES[bytes[2] ?? 0];
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0 || type === undefined) {
    throw fail("its first bytes are of no IDX file", "0, 0, the type and the number of axes");
  }
  const rank = bytes[3] as number;
  const start = 4 + 4 * rank;
  if (rank === 0 || bytes.length < start)
    throw fail(`it ends within the sizes of ${rank} axes`, "all of them");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  // A product of f64 is exact where it can equal the size of a file.
  const count = shape.reduce((product, size) => product * size, 1);
  if (bytes.length !== start + count * type.bytes) {
    const has = `${bytes.length - start} bytes of numbers`;
    throw fail(`it has ${has}, and is of shape [${shape.join(", ")}]`, `${count * type.bytes}`);
  }
  return { shape, data: type.read(new DataView(view.buffer, view.byteOffset + start), count) };
}
