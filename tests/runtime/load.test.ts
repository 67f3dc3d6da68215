import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { HEAP_BASE } from "../../assembly/isa/limits.ts";
import { ISA_VERSION } from "../../assembly/isa/op.ts";
import { compileFunction, gradientCheck } from "../../src/autodiff/index.ts";
import { compile as compileWithEngine } from "../../src/core.ts";
import {
  compile,
  dense,
  input,
  layerNorm,
  OutOfMemoryError,
  sequential,
  UnsupportedError,
} from "../../src/index.ts";
import { bytesOf } from "../../src/runtime/code.ts";
import { FAMILY_NAMES, type FamilyName } from "../../src/runtime/families.ts";
import { checkPlatform, type EngineSource, modulesFor } from "../../src/runtime/module.ts";
import { modules } from "../../tools/families.mjs";
import { filesBelow, read } from "../house/sources.ts";

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

const wasm = (build: "core" | "relaxed" | FamilyName) =>
  new Uint8Array(readFileSync(join(import.meta.dirname, `../../build/engine/${build}.wasm`)));

const small = () => sequential(input(2), dense(1));
const compiled = (options: object) =>
  compileWithEngine(small(), options as { readonly engine: EngineSource }) as Promise<{
    weights(): unknown;
  }>;

/** What compiling with these options throws, as `class: message`. */
const complaint = (options: object): Promise<string> => compiled(options).then(() => "nothing", String);

describe("an engine that the caller brings", () => {
  const sources: [string, () => unknown][] = [
    ["a module", () => new WebAssembly.Module(wasm("core"))],
    ["bytes", () => wasm("core")],
    ["a buffer", () => wasm("core").buffer],
    ["a Response", () => new Response(wasm("core"), { headers: { "content-type": "application/wasm" } })],
    ["a Response without a type", () => new Response(wasm("core"))],
    ["a promise of a module", () => WebAssembly.compile(wasm("core"))],
    [
      "a module of another realm",
      () => runInNewContext("new WebAssembly.Module(bytes)", { bytes: wasm("core") }),
    ],
  ];

  it.each(sources)("may be %s, and gives the same weights as the one built in", async (_, engine) => {
    const builtIn = (await compile(small())).weights();
    expect((await compiled({ engine: engine() })).weights()).toEqual(builtIn);
    expect((await compile(small(), { engine: engine() as object })).weights()).toEqual(builtIn);
  });

  it("serves functions and checks of gradients", async () => {
    const engine = await WebAssembly.compile(wasm("core"));
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
    ["comes with a precision", { engine: wasm("core"), precision: "exact" }, "needs one of them"],
  ])("is refused when it %s", async (_, options, message) => {
    const said = await complaint(options);
    expect(said).toContain("OptionError: compile: ");
    expect(said).toContain(message);
  });

  it("is refused when it is another program's module", async () => {
    const empty = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
    expect(await complaint({ engine: empty })).toContain(
      "OptionError: engine: the module is not the engine of wasmgrad: it exports no memory",
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
    const bytes = wasm("core");
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

/** A network that needs the families of normalization and of the rarer functions. */
const rare = () => sequential(input(2), dense(3, "gelu"), layerNorm(), dense(1));

describe("a family", () => {
  const given = () => ({ transcendental: wasm("transcendental"), normalize: wasm("normalize") });
  const predicted = async (compiling: Promise<{ predict(x: number[][]): Promise<Float32Array> }>) =>
    (await compiling).predict([[1, -2]]);

  it("is loaded when the program needs it, and may be given instead", async () => {
    const expected = await predicted(compile(rare()));
    expect(await predicted(compile(rare(), { families: given() }))).toEqual(expected);
    const own = compileWithEngine(rare(), { engine: wasm("core"), families: given() });
    expect(await predicted(own)).toEqual(expected);
  });

  it("that nothing loads is asked for by the line that brings it in", async () => {
    const compiling = compileWithEngine(rare(), {
      engine: wasm("core"),
      families: { normalize: wasm("normalize") },
    });
    await expect(compiling).rejects.toThrow(UnsupportedError);
    await expect(compiling).rejects.toThrow(
      'compile: Gelu of "dense" needs the engine\'s family "transcendental", and nothing loads it here. Write ' +
        '`import "wasmgrad/engine/transcendental";` beside your import of wasmgrad, or give it as the option families.',
    );
  });

  it.each<[string, object, string]>([
    [
      "is of another name",
      { normalise: wasm("normalize") },
      'compile: families: there is no family "normalise". Did you mean "normalize"?',
    ],
    [
      "is a number",
      { transcendental: 3 },
      "compile: families.transcendental is 3; needs a WebAssembly.Module",
    ],
    [
      "is the engine's core",
      { transcendental: wasm("core") },
      "families.transcendental: the module is no family of the engine",
    ],
    [
      "executes another instruction set",
      { transcendental: withVersion(wasm("transcendental"), ISA_VERSION, ISA_VERSION + 1) },
      `families.transcendental: the module is of instruction set ${ISA_VERSION + 1}, this host of ${ISA_VERSION}`,
    ],
  ])("is refused when it %s", async (_, families, message) => {
    const refused = compile(rare(), { families }).then(() => "nothing", String);
    expect(await refused).toContain("OptionError: ");
    expect(await refused).toContain(message);
  });
});

describe("the constants of modules", () => {
  /** Where the data segments of a module begin and end. */
  function dataOf(name: keyof typeof modules): readonly [start: number, end: number] {
    const bytes = wasm(name as "core");
    let at = 8;
    const leb = () => {
      for (let value = 0, shift = 0; ; shift += 7) {
        const byte = bytes[at++]!;
        value |= (byte & 127) << shift;
        if (byte < 128) return value >>> 0;
      }
    };
    while (at < bytes.length) {
      const section = bytes[at++];
      const length = leb();
      if (section !== 11) {
        at += length;
        continue;
      }
      const ranges = Array.from({ length: leb() }, () => {
        // flags, i32.const, offset, end
        at += 2;
        const start = leb();
        at += 1;
        const end = start + leb();
        at += end - start;
        return [start, end] as const;
      });
      return [Math.min(...ranges.map(([start]) => start)), Math.max(...ranges.map(([, end]) => end))];
    }
    throw new Error(`${name} has no data`);
  }

  it("lie apart from each other, above the address 0 and below the heap", () => {
    const ranges = (Object.keys(modules) as (keyof typeof modules)[]).map(dataOf).sort(([a], [b]) => a - b);
    expect(ranges.length).toBe(FAMILY_NAMES.length + 1);
    expect(ranges[0]![0]).toBeGreaterThan(0);
    ranges.slice(1).forEach(([start], i) => expect(start).toBeGreaterThanOrEqual(ranges[i]![1]));
    expect(ranges.at(-1)![1]).toBeLessThanOrEqual(HEAP_BASE);
  });
});

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
    const forbidden = modulesFor("compile", {}, { core: () => Promise.reject(cause) });
    await expect(forbidden).rejects.toThrow(UnsupportedError);
    await expect(forbidden).rejects.toThrow("'wasm-unsafe-eval' in script-src");
    await expect(forbidden).rejects.toMatchObject({ cause });
  });

  it("that is out of memory is not told that it forbids anything", async () => {
    const full = new RangeError("out of memory");
    const refused = modulesFor("compile", {}, { core: () => Promise.reject(full) });
    await expect(refused).rejects.toThrow(OutOfMemoryError);
    await expect(refused).rejects.toThrow("(out of memory)");
  });
});

describe("the instruction set", () => {
  it("has a version that changes with it", () => {
    const text = filesBelow("assembly/isa", [".ts"]).map((path) => read(path));
    const hash = createHash("sha256").update(text.join("")).digest("hex").slice(0, 16);
    // assembly/isa/ was changed: raise ISA_VERSION if a program of before now means something else, and put both here.
    expect({ version: ISA_VERSION, hash }).toEqual({ version: 5, hash: "85c81ade4d751ed8" });
  });
});
