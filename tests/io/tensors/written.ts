/** Tensors of every type, as files that other programs have read: see tests/peers/numpy and tests/peers/safetensors. */
import {
  type Dtype,
  type GivenTensors,
  writeNpy,
  writeNpz,
  writeSafetensors,
} from "../../../src/io/index.ts";

const values = [0, 1, -1.5, 3.1415927410125732, 65519, 2 ** -24, -(2 ** -25), 1e-3, 300, -7, 0.1, 2049];
const whole = (least: number, most: number) => [0, 1, least, most, 7, most - 1].map((one) => one);

/** By name, so that files of equal tensors are equal. */
export const written: GivenTensors = {
  f32: { shape: [3, 4], data: Float32Array.from(values) },
  f64: { shape: [3, 4], data: Float64Array.from(values) },
  f16: { shape: [4, 3], data: values, dtype: "F16" },
  bf16: { shape: [12], data: values, dtype: "BF16" },
  i8: { shape: [2, 3], data: Int8Array.from(whole(-128, 127)) },
  u8: { shape: [6], data: Uint8Array.from(whole(0, 255)) },
  i16: { shape: [6], data: Int16Array.from(whole(-32768, 32767)) },
  u16: { shape: [6, 1], data: Uint16Array.from(whole(0, 65535)) },
  i32: { shape: [6], data: Int32Array.from(whole(-(2 ** 31), 2 ** 31 - 1)) },
  u32: { shape: [6], data: Uint32Array.from(whole(0, 2 ** 32 - 1)) },
  i64: { shape: [2], data: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n) },
  u64: { shape: [2], data: BigUint64Array.of(0n, 2n ** 64n - 1n) },
  bool: { shape: [3], data: [1, 0, 1], dtype: "BOOL" },
  "": { shape: [], data: Float32Array.of(7) },
  "layer/ä.b": { shape: [0, 3], data: new Float32Array(0) },
  "10": { shape: [1], data: Float32Array.of(10) },
};

const ofNumpy = (given: GivenTensors): GivenTensors =>
  Object.fromEntries(Object.entries(given).filter(([name]) => name !== "bf16" && name !== ""));

export const metadata = { format: "pt", note: 'ä "quoted"' };

/** The files by their names. */
export const files: Readonly<Record<string, () => Promise<Uint8Array>>> = {
  "tensors.safetensors": () => writeSafetensors(written, { metadata }),
  "stored.npz": () => writeNpz(ofNumpy(written)),
  "deflated.npz": () => writeNpz(ofNumpy(written), { compress: true }),
  "f64.npy": () => writeNpy(written.f64!),
  "f16.npy": () => writeNpy(written.f16!),
  "bool.npy": () => writeNpy(written.bool!),
  "u64.npy": () => writeNpy(written.u64!),
  "scalar.npy": () => writeNpy(written[""]!),
};

export const dtypes: readonly Dtype[] = [
  ...(["BOOL", "U8", "I8", "U16", "I16", "F16", "BF16", "U32", "I32", "F32", "U64", "I64", "F64"] as const),
];
