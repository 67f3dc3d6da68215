/** Code of a module of the engine: hex digits, as the package carries it, or what the platform has compiled. */
export type Code = string | WebAssembly.Module;

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

const compiled = new Map<string, Promise<WebAssembly.Module>>();

/** Compiled once for all models. */
export function moduleOfCode(code: Code): Promise<WebAssembly.Module> {
  if (typeof code !== "string") return Promise.resolve(code);
  const known = compiled.get(code) ?? WebAssembly.compile(bytesOf(code));
  compiled.set(code, known);
  // Memory may be there again next time.
  known.catch(() => compiled.delete(code));
  return known;
}
