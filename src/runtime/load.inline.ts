import simd from "../../build/simd.js";
import type { EngineLoader } from "./engine.js";

/** A function that takes and returns v128, with i32x4.relaxed_trunc_f32x4_s: valid only with relaxed SIMD. */
const RELAXED_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2,
  253, 15, 253, 128, 2, 11,
]);

const modules = new Map<string, Promise<WebAssembly.Module>>();

interface FromHex {
  readonly fromHex?: (hex: string) => Uint8Array<ArrayBuffer>;
}

/**
 * The bytes of hex digits, by the platform where it can, else four digits at a time: a third of the start-up time went
 * into decoding them one by one (measured, bench/start). Little-endian, as WebAssembly is and every platform that has
 * it here.
 */
export function bytesOf(hex: string, platform: FromHex = Uint8Array as FromHex): Uint8Array<ArrayBuffer> {
  if (platform.fromHex !== undefined) return platform.fromHex(hex);
  const padded = new Uint8Array(Math.ceil(hex.length / 4) * 4);
  new TextEncoder().encodeInto(hex, padded);
  const digits = new Uint32Array(padded.buffer);
  const pairs = new Uint16Array(digits.length);
  for (let i = 0; i < digits.length; i++) {
    const codes = digits[i] as number;
    // "0"–"9" are 0x30–0x39, "a"–"f" 0x61–0x66: the low four bits, and nine more where bit 6 is set.
    const values = (codes & 0x0f0f0f0f) + 9 * ((codes >>> 6) & 0x01010101);
    const bytes = ((values << 4) | (values >>> 8)) & 0x00ff00ff;
    pairs[i] = bytes | (bytes >>> 8);
  }
  return new Uint8Array(pairs.buffer, 0, hex.length >> 1);
}

/** Compiles the bytes that the package carries; once for all models. */
export const loadInline: EngineLoader = async (precision) => {
  const relaxed = precision === "fast" && WebAssembly.validate(RELAXED_PROBE);
  const key = relaxed ? "relaxed" : "simd";
  let module = modules.get(key);
  if (module === undefined) {
    // Service workers forbid import(): the exact build is always at hand.
    const hex = relaxed
      ? import("../../build/relaxed.js").then((build) => build.default).catch(() => simd)
      : Promise.resolve(simd);
    module = hex.then((text) => WebAssembly.compile(bytesOf(text)));
    modules.set(key, module);
  }
  return module;
};
