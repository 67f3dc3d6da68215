import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { ISA_VERSION } from "../../assembly/isa.ts";
import { compileFunction, gradientCheck } from "../../src/autodiff/index.ts";
import { compile as compileWithEngine } from "../../src/core.ts";
import { compile, dense, input, sequential, UnsupportedError } from "../../src/index.ts";
import { bytesOf } from "../../src/runtime/load.inline.ts";
import { checkPlatform, type EngineSource, moduleFor } from "../../src/runtime/module.ts";

describe("the engine's bytes", () => {
  const withoutPlatform = {};

  it.each([0, 1, 2, 3, 4, 255, 1001])("come out of their hex digits when there are %d of them", (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 151 + 7) & 255);
    const hex = Buffer.from(bytes).toString("hex");
    expect(Buffer.from(bytesOf(hex, withoutPlatform)).equals(bytes)).toBe(true);
  });

  it("come from the platform's decoder where it has one", () => {
    const decoded = new Uint8Array([1, 2]);
    expect(bytesOf("0102", { fromHex: () => decoded })).toBe(decoded);
  });
});

const wasm = (build: "simd" | "relaxed") =>
  new Uint8Array(readFileSync(join(import.meta.dirname, `../../build/${build}.wasm`)));

const small = () => sequential(input(2), dense(1));
const compiled = (options: object) =>
  compileWithEngine(small(), options as { readonly engine: EngineSource }) as Promise<{
    weights(): unknown;
  }>;

/** What compiling with these options throws, as `class: message`. */
const complaint = (options: object): Promise<string> => compiled(options).then(() => "nothing", String);

describe("an engine that the caller brings", () => {
  const sources: [string, () => unknown][] = [
    ["a module", () => new WebAssembly.Module(wasm("simd"))],
    ["bytes", () => wasm("simd")],
    ["a buffer", () => wasm("simd").buffer],
    ["a Response", () => new Response(wasm("simd"), { headers: { "content-type": "application/wasm" } })],
    ["a Response without a type", () => new Response(wasm("simd"))],
    ["a promise of a module", () => WebAssembly.compile(wasm("simd"))],
    [
      "a module of another realm",
      () => runInNewContext("new WebAssembly.Module(bytes)", { bytes: wasm("simd") }),
    ],
  ];

  it.each(sources)("may be %s, and gives the same weights as the one built in", async (_, engine) => {
    const builtIn = (await compile(small())).weights();
    expect((await compiled({ engine: engine() })).weights()).toEqual(builtIn);
    expect((await compile(small(), { engine: engine() as object })).weights()).toEqual(builtIn);
  });

  it("serves functions and checks of gradients", async () => {
    const engine = await WebAssembly.compile(wasm("simd"));
    const double = await compileFunction((x) => x, { inputs: [2], engine });
    expect([...double([1, 2])]).toEqual([1, 2]);
    const data = { x: [[1, 2]], y: [3] };
    const check = await gradientCheck(small(), data, { loss: "meanSquaredError", engine });
    expect(check.passed).toBe(true);
  });

  it.each<[string, object, string]>([
    ["is missing", {}, "compile: there is no engine; needs the option engine"],
    ["is a number", { engine: 3 }, "compile: engine is 3; needs a WebAssembly.Module, bytes or a Response"],
    ["is null", { engine: null }, "compile: engine is null"],
    [
      "is other bytes",
      { engine: new Uint8Array(9) },
      "compile: engine is 9 bytes that are no WebAssembly module",
    ],
    ["is a page that was not found", { engine: new Response("", { status: 404 }) }, "Response of status 404"],
    ["comes with a precision", { engine: wasm("simd"), precision: "exact" }, "needs one of them"],
  ])("is refused when it %s", async (_, options, message) => {
    const said = await complaint(options);
    expect(said).toContain("OptionError: compile: ");
    expect(said).toContain(message);
  });

  it("is refused when it is another program's module", async () => {
    const empty = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
    expect(await complaint({ engine: empty })).toContain(
      "OptionError: engine: the module is not an engine of wasmgrad: it exports no memory",
    );
  });

  it("is refused when it asks for imports", async () => {
    // (module (import "env" "f" (func)))
    const importing = [
      0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 9, 1, 3, 101, 110, 118, 1, 102, 0, 0,
    ];
    expect(await complaint({ engine: Uint8Array.from(importing) })).toContain("it imports env.f");
  });

  it("is refused when it executes another instruction set, naming both versions", async () => {
    const bytes = wasm("simd");
    const other = withVersion(bytes, ISA_VERSION, ISA_VERSION + 1);
    expect(await complaint({ engine: other })).toContain(
      `engine: the module is of instruction set ${ISA_VERSION + 1}, this host of ${ISA_VERSION}; needs both`,
    );
  });
});

/** The bytes with the body `i32.const from` of the exported function `version` changed. */
function withVersion(bytes: Uint8Array, from: number, to: number): Uint8Array {
  // A body of 4 bytes: no locals, i32.const, end.
  const body = (version: number) => [4, 0, 0x41, version, 0x0b];
  const at = Buffer.from(bytes).indexOf(Buffer.from(body(from)));
  expect(at).toBeGreaterThan(0);
  const changed = bytes.slice();
  changed.set(body(to), at);
  return changed;
}

describe("a platform", () => {
  const probed = (validate: (bytes: BufferSource) => boolean) => () => checkPlatform("compile", { validate });

  it("with SIMD is taken", () => {
    expect(() => checkPlatform("compile", WebAssembly)).not.toThrow();
  });

  it("without SIMD is told which versions have it", () => {
    expect(probed(() => false)).toThrow(UnsupportedError);
    expect(probed(() => false)).toThrow(
      /compile: WebAssembly has no 128-bit SIMD here; needs .*Safari 16\.4/,
    );
  });

  it("without WebAssembly is told so", () => {
    expect(() => checkPlatform("compile", undefined)).toThrow(UnsupportedError);
    expect(() => checkPlatform("compile", undefined)).toThrow("there is no WebAssembly here");
  });

  it("that forbids compiling is told the directive of the policy that allows it", async () => {
    const cause = new WebAssembly.CompileError("blocked");
    const forbidden = moduleFor("compile", {}, () => Promise.reject(cause));
    await expect(forbidden).rejects.toThrow(UnsupportedError);
    await expect(forbidden).rejects.toThrow("'wasm-unsafe-eval' in script-src");
    await expect(forbidden).rejects.toMatchObject({ cause });
  });

  it("that is out of memory is not told that it forbids anything", async () => {
    const full = new RangeError("out of memory");
    await expect(moduleFor("compile", {}, () => Promise.reject(full))).rejects.toBe(full);
  });
});

describe("the instruction set", () => {
  it("has a version that changes with it", () => {
    const text = readFileSync(join(import.meta.dirname, "../../assembly/isa.ts"), "utf8");
    const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
    // isa.ts was changed: raise ISA_VERSION if a program of before now means something else, and put both here.
    expect({ version: ISA_VERSION, hash }).toEqual({ version: 4, hash: "ded56e7a868794a5" });
  });
});
