/** Each late part of the build where `import()` fails, once or always: run after `npm run build`. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, root } from "../house/sources.ts";

/** What each program begins with: rows, and a model of them. */
const GIVEN = `
  const x = Array.from({ length: 16 }, (_, i) => [i / 16, 1 - i / 16]);
  const data = { x, y: x };
  const small = () => sequential(input(2), dense(2));
  const deep = () => sequential(input(2), ...Array.from({ length: 8 }, () => dense(64, "tanh")), dense(2));
  const loss = "meanSquaredError";
  const model = () => compile(small(), { loss, optimizer: "sgd" });
  const told = (promise) => promise.then(() => "done", ({ name, message }) => name + ": " + message);
  const quiet = { health: false };
`;

/** A call for each part, and who its error says needs it. */
const calls: Record<string, [who: string, call: string]> = {
  training: ["compile", "model()"],
  evaluation: ["evaluate", "model().then((one) => one.evaluate(data))"],
  health: ["fit", "model().then((one) => one.fit(data, { statistics: true }))"],
  batches: ["fit", "model().then((one) => one.fit(() => [data], quiet))"],
  callbacks: ["fit", "model().then((one) => one.fit(data, { ...quiet, callbacks: [learningRateLog()] }))"],
  rollBack: ["fit", 'model().then((one) => one.fit(data, { ...quiet, onDivergence: "rollBack" }))'],
  validationSplit: ["fit", "model().then((one) => one.fit(data, { ...quiet, validationSplit: 0.5 }))"],
  rangeTest: [
    "learningRateRangeTest",
    "model().then((one) => learningRateRangeTest(one, data, { steps: 4 }))",
  ],
  recomputation: ["compile", "compile(deep(), { loss, batchSize: 512, memoryLimit: 1_900_000 })"],
  "rare activations": ["compile", 'compile(sequential(input(2), dense(2, "gelu")))'],
  "weighted losses": ["compile", "compile(small(), { loss: binaryCrossEntropy({ positiveWeight: 2 }) })"],
  lossFunctions: ["compile", "compile(small(), { loss: (prediction) => prediction })"],
  orthogonality: ["compile", 'compile(sequential(input(2), dense(2, { kernelInitializer: "orthogonal" })))'],
};

/** The file of each part in dist/. */
const files: Record<string, string> = {
  evaluation: "watching",
  health: "diagnosis",
  batches: "batchFeed",
  callbacks: "watching",
  validationSplit: "watching",
  orthogonality: "orthogonal",
  rollBack: "rescue",
  rangeTest: "testRange",
  recomputation: "within",
};
const fileOf = (part: string): string => `${files[part] ?? part.replace(" ", "-")}.js`;

/** Runs a program in a Node of its own in which the first `times` imports of a file of dist/ fail; what it prints. */
function runWithout(file: string, times: number, code: string): string {
  const hooks = `
    let left = ${times};
    export async function resolve(specifier, context, next) {
      const isWanted = specifier.endsWith("/${file}") && /(index|shared|training)\\.js$/.test(context.parentURL ?? "");
      if (isWanted && left-- > 0) throw new Error("no import()");
      return next(specifier, context);
    }`;
  const url = pathToFileURL(join(root, "dist/index.js")).href;
  const program = `
    import { register } from "node:module";
    register("data:text/javascript,${encodeURIComponent(hooks)}");
    const { binaryCrossEntropy, compile, dense, input, learningRateLog, learningRateRangeTest, sequential } = await import("${url}");
    ${GIVEN}
    ${code}`;
  return execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
    encoding: "utf8",
    env: {},
    timeout: 20_000,
  });
}

describe("a part that cannot be imported", () => {
  it.each(Object.entries(calls))("is told of, and is there the second time: %s", (part, [who, call]) => {
    // Of a memoryLimit it is loaded beforehand, and whoever goes without does not hear of it.
    const times = part === "recomputation" ? 2 : 1;
    const printed = runWithout(
      fileOf(part),
      times,
      `console.log(await told(${call}));\nconsole.log(await told(${call}));`,
    );
    expect(printed.trim().split("\n")).toEqual([
      `UnsupportedError: ${who}: needs the package's part "${part}", and import() of it failed here. ` +
        'Write `import "wasmgrad/complete";` beside your import of wasmgrad.',
      "done",
    ]);
  });

  it("is none that a model needs which only predicts", () => {
    const code = "console.log(await told(compile(small()).then((one) => one.predict(x))));";
    expect(runWithout("training.js", 9, code)).toBe("done\n");
  });

  it("leaves the model as it was: nothing runs, and nothing was trained", () => {
    const printed = runWithout(
      fileOf("health"),
      1,
      `
      const one = await model();
      await told(one.fit(data, { statistics: true }));
      console.log(await told(one.fit(data, { resume: true })));
      console.log(await told(one.fit(data)));`,
    );
    expect(printed).toContain("there is no training to resume");
    expect(printed).toContain("done");
  });

  it("is told of by calls that cannot wait for it, and changes nothing then", () => {
    const printed = runWithout(
      fileOf("recomputation"),
      9,
      `
      const frozen = { activation: "tanh", trainable: false };
      const held = () => sequential(input(2), ...Array.from({ length: 8 }, () => dense(64, frozen)), dense(2));
      const options = { loss, batchSize: 512, optimizer: "sgd" };
      const free = await compile(held(), options);
      const memoryLimit = free.memory.planned + 150_000;
      const one = await compile(held(), { ...options, memoryLimit });
      const before = String(await one.predict(x));
      console.log(await told((async () => one.unfreeze("*"))()));
      console.log(String(await one.predict(x)) === before, one.memory.planned === free.memory.planned);
      console.log(await told(one.fit(data)));`,
    );
    expect(printed.trim().split("\n")).toEqual([
      "UnsupportedError: memory: the plan exceeds the limit, and what computes activations again is not loaded, for " +
        "which this call cannot wait. Give memoryLimit to compile, which then loads it, or import wasmgrad/complete.",
      "true true",
      "done",
    ]);
  });
});

describe("while a part is loaded", () => {
  const first = (code: string): string => runWithout("nothing.js", 0, code);

  it("a second fit of the same tick is refused", () => {
    const printed = first(`
      const one = await model();
      console.log(JSON.stringify(await Promise.all([told(one.fit(data)), told(one.fit(data))])));`);
    expect(JSON.parse(printed)).toEqual([
      "done",
      "BusyError: fit: the model is in fit; await it, or abort it with its signal.",
    ]);
  });

  it("an abort is heard, and so is dispose, before the first step", () => {
    const printed = first(`
      const one = await model();
      const controller = new AbortController();
      const aborted = told(one.fit(data, { signal: controller.signal }));
      controller.abort(new Error("enough"));
      console.log(await aborted);
      const two = await model();
      const disposed = told(two.fit(data, { ...quiet, callbacks: [learningRateLog()] }));
      two.dispose();
      console.log(await disposed);`);
    expect(printed.trim().split("\n")).toEqual([
      "Error: enough",
      "DisposedError: fit: the model was disposed. Compile the network again.",
    ]);
  });
});

describe("wasmgrad/complete", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "wasmgrad-late-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What a program of one file prints in which every `import()` fails. */
  async function printed(imports: string, code: string): Promise<string> {
    const outfile = join(folder, "program.mjs");
    await build({
      stdin: { contents: `${imports}\n${GIVEN}\n${code}`, resolveDir: root },
      bundle: true,
      format: "esm",
      platform: "neutral",
      outfile,
      plugins: [
        {
          name: "no-import",
          setup: ({ onResolve }) =>
            onResolve({ filter: /./ }, ({ kind }) =>
              kind === "dynamic-import" ? { path: "nowhere:part", external: true } : undefined,
            ),
        },
      ],
    });
    return execFileSync(process.execPath, [outfile], { encoding: "utf8", env: {}, timeout: 20_000 });
  }

  const index =
    'import { batchNorm, binaryCrossEntropy, compile, dense, input, lbfgs, learningRateLog, learningRateRangeTest, sequential } from "./dist/index.js";';
  const all = `
    const results = [];
    for (const call of [${Object.values(calls).map(([, call]) => `() => ${call}`)}]) results.push(await told(call()));
    results.push(await told(compile(sequential(input(2), dense(4, "gelu"), batchNorm(), dense(2)), { loss, optimizer: "adadelta" })
      .then((one) => one.fit(data))));
    console.log(JSON.stringify(results));`;

  it("brings in every part and every family where there is no import()", async () => {
    const text = await printed(`import "./dist/complete.js";\n${index}`, all);
    expect(JSON.parse(text)).toEqual(Array.from({ length: Object.keys(calls).length + 1 }, () => "done"));
  });

  it("is what the errors without it ask for", async () => {
    const results = JSON.parse(await printed(index, all)) as string[];
    // What makes kernels orthogonal draws them first, by a family.
    const asked = /Write `import "wasmgrad\/(complete|engine\/noise)";`/;
    for (const one of results) expect(one).toMatch(asked);
  });

  it("imports the modules of the engine where bytes may not be compiled", () => {
    for (const condition of ["workerd", "edge-light"]) {
      const loaded = [...loadedFirst(`dist/complete.${condition}.js`)];
      expect(loaded.filter((path) => path.includes("/wasm/")).length).toBe(
        readdirSync(join(root, "dist/hex")).filter((name) => /\.js$/.test(name)).length - 2,
      );
      expect(loaded.filter((path) => path.includes("/hex/"))).toEqual([]);
    }
  });
});

/** A file of dist/ and all that it imports statically. */
function loadedFirst(path: string, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  if (!path.endsWith(".js")) return seen;
  for (const statement of parse(path).statements) {
    const isImport = ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement);
    const specifier = isImport ? statement.moduleSpecifier : undefined;
    if (specifier && ts.isStringLiteral(specifier)) {
      loadedFirst(posix.join(posix.dirname(path), specifier.text), seen);
    }
  }
  return seen;
}

describe("a fit of a dense network", () => {
  const requests = (...names: string[]) =>
    new Set(names.flatMap((name) => [...loadedFirst(`dist/${name}.js`)]));
  const all = ["hex/core", "index", "load", "shared", "training"].map((name) => `dist/${name}.js`);

  it("takes five requests: the entry, what is shared, the loader, the core and training", () => {
    expect([...requests("index", "training")].sort()).toEqual(all);
  });

  it("takes six with validation and callbacks", () => {
    expect([...requests("index", "training", "watching")].sort()).toEqual([...all, "dist/watching.js"]);
  });
});
