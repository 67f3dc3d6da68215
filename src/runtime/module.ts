import { OptionError, UnsupportedError } from "../check/errors.js";
import { choose, describe } from "../check/options.js";
import type { EngineLoader, Precision } from "./engine.js";
import { refusal } from "./forbidden.js";

/**
 * An engine that the caller brings: a WebAssembly.Module, its bytes, a Response of them, or a promise of one of these.
 * Written as `object` because these types are not declared wherever the package is used.
 */
export type EngineSource = object;

export interface EngineOptions {
  readonly precision?: Precision;
  readonly engine?: EngineSource;
}

const PRECISIONS = { exact: "exact", fast: "fast" } as const;

/** A function that returns `i8x16.popcnt(i8x16.splat(0))`: valid where 128-bit SIMD is. */
const SIMD_PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253],
  ...[98, 11],
);

interface Platform {
  readonly validate: typeof WebAssembly.validate;
}

/** @throws UnsupportedError when `platform`, the global WebAssembly, is missing or has no SIMD */
export function checkPlatform(who: string, platform: Platform | undefined): void {
  if (platform === undefined) {
    throw new UnsupportedError(
      `${who}: there is no WebAssembly here; needs a runtime that has it and has it switched on (iOS in Lockdown ` +
        "Mode, Edge in enhanced security mode and node --jitless have it off).",
    );
  }
  // Validating is allowed even where compiling is forbidden.
  if (platform.validate(SIMD_PROBE)) return;
  throw new UnsupportedError(
    `${who}: WebAssembly has no 128-bit SIMD here; needs Chrome or Edge 91, Firefox 89, Safari 16.4, Node 20.19, ` +
      "Deno 2, Bun 1 or later, on a processor with SSE4.1 or NEON.",
  );
}

/**
 * The compiled engine: the one that options bring, else what `load` gives for their precision.
 *
 * @throws OptionError for a precision or an engine that is none, UnsupportedError where WebAssembly has no SIMD or may
 *   not be compiled
 */
export async function moduleFor(
  who: string,
  { precision, engine }: EngineOptions,
  load: EngineLoader,
): Promise<WebAssembly.Module> {
  const build = choose(who, "precision", precision === undefined ? "exact" : precision, PRECISIONS);
  checkPlatform(who, (globalThis as { WebAssembly?: Platform }).WebAssembly);
  if (engine === undefined) return unlessForbidden(who, () => load(build));
  if (precision !== undefined) {
    throw new OptionError(
      `${who}: there are precision and engine; needs one of them: the engine's build decides the precision.`,
    );
  }
  return moduleOf(who, await engine);
}

async function moduleOf(who: string, given: unknown): Promise<WebAssembly.Module> {
  // A module of another realm (a vm context, jsdom) is no instance of this realm's class.
  if (tag(given) === "WebAssembly.Module") return given as WebAssembly.Module;
  const bytes = tag(given) === "Response" ? await bytesOfResponse(who, given as Response) : given;
  if (!ArrayBuffer.isView(bytes) && !/^(Shared)?ArrayBuffer$/.test(tag(bytes))) {
    throw new OptionError(
      `${who}: engine is ${describe(given)}; needs a WebAssembly.Module, bytes or a Response of wasmgrad/simd.wasm.`,
    );
  }
  const source = bytes as BufferSource;
  if (!WebAssembly.validate(source)) {
    throw new OptionError(
      `${who}: engine is ${source.byteLength} bytes that are no WebAssembly module, or one of instructions that are ` +
        "not known here; needs those of wasmgrad/simd.wasm.",
    );
  }
  return unlessForbidden(who, () => WebAssembly.compile(source));
}

const tag = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

async function bytesOfResponse(who: string, response: Response): Promise<ArrayBuffer> {
  if (response.ok) return response.arrayBuffer();
  throw new OptionError(
    `${who}: engine is a Response of status ${response.status} from ${response.url}; needs one of wasmgrad/simd.wasm.`,
  );
}

/** Compiles what is valid, so that what fails is forbidden. */
async function unlessForbidden(
  who: string,
  compile: () => Promise<WebAssembly.Module>,
): Promise<WebAssembly.Module> {
  try {
    return await compile();
  } catch (cause) {
    if (cause instanceof OptionError) throw cause;
    throw refusal(who, cause);
  }
}
