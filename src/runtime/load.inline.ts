import simd from "../../build/simd.js";
import type { EngineLoader } from "./engine.js";

/** A function that takes and returns v128, with i32x4.relaxed_trunc_f32x4_s: valid only with relaxed SIMD. */
const RELAXED_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15,
  253, 128, 2, 11,
]);

const modules = new Map<string, Promise<WebAssembly.Module>>();

/** The values of the digits 0–9 and a–f by character code, less that of "0". */
const DIGITS = new Uint8Array(55).map((_, code) => (code > 9 ? code - 39 : code));

function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hex.length >> 1);
  const digit = (index: number) => DIGITS[hex.charCodeAt(index) - 48] as number;
  for (let i = 0; i < bytes.length; i++) bytes[i] = digit(2 * i) * 16 + digit(2 * i + 1);
  return bytes;
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
