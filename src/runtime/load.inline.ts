import simd from "../../build/simd.js";
import type { EngineLoader, Precision } from "./engine.js";

const modules = new Map<Precision, Promise<WebAssembly.Module>>();

interface FromHex {
  readonly fromHex?: (hex: string) => Uint8Array<ArrayBuffer>;
}

/**
 * The bytes of hex digits, by the platform where it can, else four digits at a time: 6.5 of the 24 ms of a start went
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

/** The one place that names the digits: Vite 8 copies a constant to wherever it is read (33 kB, `npm run check:size`). */
const exactBytes = () => bytesOf(simd);

/** The bytes of the relaxed build where the engine takes them, else of the exact one. */
async function fastBytes(): Promise<Uint8Array<ArrayBuffer>> {
  // Service workers forbid import(): the exact build is always at hand.
  const relaxed = await import("../../build/relaxed.js")
    .then((build) => bytesOf(build.default))
    .catch(() => undefined);
  return relaxed !== undefined && WebAssembly.validate(relaxed) ? relaxed : exactBytes();
}

/** Compiles the bytes that the package carries; once for all models. */
export const loadInline: EngineLoader = (precision) => {
  let module = modules.get(precision);
  if (module === undefined) {
    const bytes = precision === "fast" ? fastBytes() : Promise.resolve(exactBytes());
    module = bytes.then((found) => WebAssembly.compile(found));
    modules.set(precision, module);
  }
  return module;
};
