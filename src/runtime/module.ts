import { OptionError, UnsupportedError } from "../check/errors.js";
import { checkKeys, choose, describe } from "../check/options.js";
import type { Instruction } from "../compile/instruction.js";
import { moduleOfCode } from "./code.js";
import type { EngineLoader, Modules, Precision } from "./engine.js";
import { FAMILY_NAMES, type FamilyName } from "./families.js";
import { refusal } from "./forbidden.js";
import { registeredCode } from "./registry.js";

/**
 * An engine that the caller brings: a WebAssembly.Module, its bytes, a Response of them, or a promise of one of these.
 * Written as `object` because these types are not declared wherever the package is used.
 */
export type EngineSource = object;

export interface EngineOptions {
  readonly precision?: Precision;
  readonly engine?: EngineSource;
  readonly families?: { readonly [F in FamilyName]?: EngineSource };
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
 * The modules of the engine: those that options bring, else those that were registered, else what `loader` loads.
 *
 * @throws OptionError for a precision or an engine that is none, UnsupportedError where WebAssembly has no SIMD or may
 *   not be compiled
 */
export async function modulesFor(
  who: string,
  { precision, engine, families = {} }: EngineOptions,
  loader: EngineLoader,
): Promise<Modules> {
  const build = choose(who, "precision", precision === undefined ? "exact" : precision, PRECISIONS);
  checkPlatform(who, (globalThis as { WebAssembly?: Platform }).WebAssembly);
  checkKeys(`${who}: families`, families, FAMILY_NAMES, "family");
  if (engine !== undefined && precision !== undefined) {
    throw new OptionError(
      `${who}: there are precision and engine; needs one of them: the engine's build decides the precision.`,
    );
  }
  const core = await (engine === undefined
    ? unlessForbidden(who, () => loader.core(build))
    : moduleOf(who, "engine", "core", engine));
  return {
    core,
    async family(needed) {
      const name = needed.kind.family.name as FamilyName;
      const given = families[name];
      if (given !== undefined) return moduleOf(who, `families.${name}`, name, given);
      const code = registeredCode(name) ?? (await loadCode(who, needed, loader));
      return unlessForbidden(who, () => moduleOfCode(code));
    },
  };
}

/** @throws UnsupportedError where nothing loads it, or it cannot be imported */
function loadCode(who: string, { kind, layer }: Instruction, { families }: EngineLoader) {
  const { name } = kind.family;
  const needs = `${who}: ${kind.name} of "${layer}" needs the engine's family "${name}"`;
  const line = `Write \`import "wasmgrad/engine/${name}";\` beside your import of wasmgrad`;
  const load = families?.[name as FamilyName];
  if (load === undefined) {
    throw new UnsupportedError(
      `${needs}, and nothing loads it here. ${line}, or give it as the option families.`,
    );
  }
  return load().then(
    (loaded) => loaded.default,
    (cause: unknown) => {
      throw new UnsupportedError(`${needs}, and import() of it failed here. ${line}.`, { cause });
    },
  );
}

/** The module of an option, which needs `wasmgrad/engine/<file>.wasm`. */
async function moduleOf(
  who: string,
  option: string,
  file: string,
  promised: unknown,
): Promise<WebAssembly.Module> {
  const given = await Promise.resolve(promised).catch((cause: unknown) => {
    throw new OptionError(
      `${who}: ${option} is a promise that was rejected (${cause instanceof Error ? cause : describe(cause)}); needs one of ${fileOf(file)}.`,
      { cause },
    );
  });
  // A module of another realm (a vm context, jsdom) is no instance of this realm's class.
  if (tag(given) === "WebAssembly.Module") return given as WebAssembly.Module;
  const bytes =
    tag(given) === "Response" ? await bytesOfResponse(who, option, file, given as Response) : given;
  if (!ArrayBuffer.isView(bytes) && !/^(Shared)?ArrayBuffer$/.test(tag(bytes))) {
    throw new OptionError(
      `${who}: ${option} is ${describe(given)}; needs a WebAssembly.Module, bytes or a Response of ${fileOf(file)}.`,
    );
  }
  const source = bytes as BufferSource;
  if (!WebAssembly.validate(source)) {
    throw new OptionError(
      `${who}: ${option} is ${source.byteLength} bytes that are no WebAssembly module, or one of instructions that are ` +
        `not known here; needs those of ${fileOf(file)}.`,
    );
  }
  return unlessForbidden(who, () => WebAssembly.compile(source));
}

const fileOf = (name: string) => `wasmgrad/engine/${name}.wasm`;

const tag = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

async function bytesOfResponse(
  who: string,
  option: string,
  file: string,
  response: Response,
): Promise<ArrayBuffer> {
  if (response.ok) return response.arrayBuffer();
  throw new OptionError(
    `${who}: ${option} is a Response of status ${response.status} from ${response.url}; needs one of ${fileOf(file)}.`,
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
