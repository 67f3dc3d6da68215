/** The published types, as a user's compiler sees them: needs `npm run build` first. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const declarations = (entry: string) => [join(root, `dist/${entry}.d.ts`)];
const sourceOf = (i: number, language: "ts" | "js") =>
  join(root, `build/user${i}.${language === "ts" ? "ts" : "mjs"}`);

/** Files of the package and of TypeScript itself, which are parsed once for all programs. */
const library = new Map<string, ts.SourceFile | undefined>();

/** What a strict compiler says of programs that import the package, as `code: message`. */
function complaints(
  given: string | readonly string[],
  lib: string[] = ["lib.es2022.d.ts", "lib.dom.d.ts"],
  types: string[] = ["node"],
  language: "ts" | "js" = "ts",
): string[] {
  const texts = new Map([given].flat().map((text, i) => [sourceOf(i, language), text as string]));
  const options: ts.CompilerOptions = {
    strict: true,
    // Editors check JavaScript so, where they are asked to.
    ...(language === "js" && { strict: false, allowJs: true, checkJs: true }),
    noEmit: true,
    skipLibCheck: false,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    exactOptionalPropertyTypes: language === "ts",
    noUncheckedIndexedAccess: language === "ts",
    lib,
    types,
    paths: {
      wasmgrad: declarations("index"),
      "wasmgrad/ops": declarations("ops"),
      "wasmgrad/autodiff": declarations("autodiff"),
      "wasmgrad/data": declarations("data"),
      "wasmgrad/io": declarations("io"),
      "wasmgrad/metrics": declarations("metrics"),
      "wasmgrad/core": declarations("core"),
      "wasmgrad/complete": declarations("complete"),
      "wasmgrad/worker": declarations("worker"),
      "wasmgrad/engine/core": declarations("engine/core"),
      "wasmgrad/engine/core.wasm": declarations("wasm/module"),
    },
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  host.getSourceFile = (path, ...rest) => {
    const text = texts.get(path);
    if (text !== undefined) return ts.createSourceFile(path, text, ts.ScriptTarget.ES2022);
    const parsed = library.get(path) ?? getSourceFile(path, ...rest);
    library.set(path, parsed);
    return parsed;
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  // Of TypeScript's own declarations and Node's nothing is asked, which would take seconds for each program.
  const asked = program.getSourceFiles().filter(({ fileName }) => !/[\\/]node_modules[\\/]/.test(fileName));
  return [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...asked.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]),
  ].map(({ code, messageText }) => `${code}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
}

const data = "declare const x: Float32Array, y: Uint8Array, xTest: Float32Array, yTest: Uint8Array;";
const readme = readFileSync(join(root, "README.md"), "utf8");
const examples = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code as string);

/** Code on a model with accuracy. */
const onModel = (code: string) => `
  import { compile, dense, input, sequential } from "wasmgrad";
  ${data}
  const network = sequential(input(4), dense(2, "softmax"));
  const model = await compile(network, { loss: "crossEntropy", metrics: ["accuracy"] });
  ${code}
  export {};`;

describe("the published types", () => {
  it("take every example of the README", () => {
    expect(examples.length).toBeGreaterThan(12);
    expect(complaints(examples, undefined, undefined, "js")).toEqual([]);
    // What does not fit is told: it is this that the test would see.
    const wrong = (examples[0] as string).replace("epochs:", "epoch:");
    expect(complaints(wrong, undefined, undefined, "js")).toHaveLength(1);
  });

  it("need no DOM", () => {
    expect(complaints(onModel(""), ["lib.es2022.d.ts"])).toEqual([]);
  });

  it("need neither the DOM nor the types of Node, in any entry", () => {
    const code = `
      import * as core from "wasmgrad/core";
      import * as ops from "wasmgrad/ops";
      import * as autodiff from "wasmgrad/autodiff";
      import { Dataset } from "wasmgrad/data";
      import * as metrics from "wasmgrad/metrics";
      import "wasmgrad/complete";
      import "wasmgrad/worker";
      import "wasmgrad/engine/core";
      import engine from "wasmgrad/engine/core.wasm";
      import { compile, dense, input, sequential } from "wasmgrad";
      ${data}
      const model = await compile(sequential(input(4), dense(2)), { loss: "crossEntropy", engine });
      const reports = await model.fit({ x, y }, { validation: { x, y }, onEpoch: ({ loss }) => loss });
      const rows = Dataset.fromArrays({ x, y }, { rows: 3 }).batch(2);
      await model.evaluate(rows);
      export const all = [core, ops, autodiff, metrics, reports];`;
    expect(complaints(code, ["lib.es2022.d.ts"], [])).toEqual([]);
    // What the compiler does not know is told: it is this that the test would see.
    expect(
      complaints("export const signal: AbortSignal = 1 as never;", ["lib.es2022.d.ts"], []),
    ).toHaveLength(1);
  });

  it("know the inputs and outputs of validation by their names", () => {
    const onTwo = (validation: string) => `
      import { compile, concatenate, dense, input, network } from "wasmgrad";
      ${data}
      const [a, b] = [input(2), input(2)] as const;
      const joined = concatenate()(a, b);
      const outputs = { kind: dense(2)(joined), size: dense(1)(joined) };
      const model = await compile(network({ inputs: { a, b }, outputs }), {
        loss: { kind: "crossEntropy", size: "meanSquaredError" },
      });
      const given = { x: { a: x, b: x }, y: { kind: y, size: y } };
      await model.fit(given, { validation: ${validation} });
      export {};`;
    expect(complaints(onTwo("given"))).toEqual([]);
    expect(complaints(onTwo("() => [given]"))).toEqual([]);
    expect(complaints(onTwo("{ x: { a: x, c: x }, y: given.y }"))).not.toEqual([]);
    expect(complaints(onTwo("{ x: given.x, y: { kine: y } }"))).not.toEqual([]);
  });

  it("know the metrics that were asked for, and no others", () => {
    const read = (metric: string) =>
      onModel(`const { ${metric} } = await model.evaluate({ x, y }); const n: number = ${metric}; void n;`);
    expect(complaints(read("accuracy"))).toEqual([]);
    expect(complaints(read("loss"))).toEqual([]);
    expect(complaints(read("meanSquaredError"))).toHaveLength(1);
  });

  it("know a configured metric by the name that it was given, or by its own", () => {
    const read = (name: string) => `
      import { compile, dense, fBeta, input, sequential, topKAccuracy } from "wasmgrad";
      ${data}
      const network = sequential(input(4), dense(9, "softmax"));
      const metrics = [topKAccuracy({ k: 3 }), fBeta({ beta: 2, name: "f2" }), "matthews"] as const;
      const model = await compile(network, { loss: "crossEntropy", metrics });
      const report = await model.evaluate({ x, y });
      export const n: number = report.${name};`;
    for (const name of ["topKAccuracy", "f2", "matthews"]) expect(complaints(read(name))).toEqual([]);
    expect(complaints(read("fBeta"))).toHaveLength(1);
    expect(complaints(read("acuracy"))).toHaveLength(1);
  });

  it("know that metrics which rank all rows are of validation, not of training", () => {
    const read = (report: string) => `
      import { compile, dense, input, sequential } from "wasmgrad";
      ${data}
      const options = { loss: "binaryCrossEntropy", metrics: ["rocAuc", "recall"] } as const;
      const model = await compile(sequential(input(4), dense(1, "sigmoid")), options);
      for (const report of await model.fit({ x, y }, { validation: { x: xTest, y: yTest } })) {
        const n: number = ${report}.rocAuc + report.recall + report.validation.recall;
        void n;
      }
      export {};`;
    expect(complaints(read("report.validation"))).toEqual([]);
    expect(complaints(read("report")).join()).toContain("'rocAuc' does not exist");
  });

  it("know that there are validation scores when there is validation", () => {
    const fitted = (options: string) =>
      onModel(`const reports = await model.fit({ x, y }, { ${options} });
        for (const { validation } of reports) { const n: number = validation.accuracy; void n; }`);
    expect(complaints(fitted("validation: { x: xTest, y: yTest }"))).toEqual([]);
    expect(complaints(fitted("epochs: 2")).join()).toContain("possibly 'undefined'");
  });

  it("know the outputs of a network by their names", () => {
    const onTwo = (code: string) => `
      import { compile, dense, input, network } from "wasmgrad";
      ${data}
      const from = input(4);
      const two = network({ inputs: { from }, outputs: { kind: dense(2)(from), size: dense(1)(from) } });
      const model = await compile(two, {
        loss: { kind: "crossEntropy", size: "meanSquaredError" },
        metrics: { kind: ["accuracy"] },
      });
      ${code}
      export {};`;
    expect(
      complaints(
        onTwo(
          "const { kind, size } = await model.predict({ from: x }); const n: Float32Array = kind; void [n, size];",
        ),
      ),
    ).toEqual([]);
    expect(complaints(onTwo("const { kine } = await model.predict({ from: x });")).join()).toContain(
      "'kine' does not exist",
    );
    expect(
      complaints(
        onTwo(
          "const { outputs } = await model.evaluate({ x: { from: x }, y: { kind: y, size: y } }); const n: number = outputs.size.loss; void n;",
        ),
      ),
    ).toEqual([]);
    expect(complaints(onTwo('await compile(two, { loss: { kine: "crossEntropy" } });'))).not.toEqual([]);
  });

  it("of wasmgrad/data follow the data through encoders, datasets and folds", () => {
    const code = `
      interface Person { readonly age: number; readonly color: string }
      declare const people: readonly Person[];
      const encoder = columns({ age: standardScaler(), color: oneHotEncoder() });
      const encoded: Float32Array = encoder.fitTransform(people);
      const { attachments } = model.restore(model.snapshot({ attachments: { encoder } }));
      const names: string[] = loadEncoder(attachments.encoder, "columns").featureNames();
      const { train, test } = trainTestSplit({ x: encoded, y }, { rows: people.length });
      const bytes: Uint8Array = test.y;
      const rows = Dataset.fromArrays(train, { rows: 3 }).shuffle({ bufferSize: 3 }).batch(2).prefetch(1);
      const [report] = await model.fit(rows, { validation: rows });
      const fromLines = Dataset.fromFile(new Blob(["1,2"]))
        .map((line) => line.split(",").map(Number))
        .map(([label = 0, ...features]) => ({ x: features, y: label }));
      await model.evaluate(fromLines.batch(8));
      const result = await crossValidate(() => compile(network, { loss: "crossEntropy", metrics: ["accuracy"] }), { x, y }, {
        fit: { epochs: 2, onEpoch: ({ loss }) => loss },
        rows: 10,
      });
      const mean: number = result.mean.accuracy;
      void [names, bytes, report, mean];
      // @ts-expect-error misspelled
      crossValidate(() => compile(network, {}), { x, y }, { fold: 3 });
      // @ts-expect-error misspelled
      crossValidate(() => compile(network, {}), { x, y }, { fit: { epoch: 3 } });
      // @ts-expect-error no encoder
      columns({ age: 3 });
      // @ts-expect-error no number
      standardScaler().fit(["text"]);`;
    const text = `
      import { columns, crossValidate, Dataset, loadEncoder, oneHotEncoder, standardScaler, trainTestSplit } from "wasmgrad/data";
      ${onModel(code)}`;
    expect(complaints(text)).toEqual([]);
  });

  it("of wasmgrad/data need no DOM", () => {
    const code = `
      import { Dataset, kFold } from "wasmgrad/data";
      const data: Dataset<number> = Dataset.fromIterable([1, 2]);
      const [fold] = kFold().split(10);
      console.log(data, fold?.test.length);`;
    expect(
      complaints(`declare const console: { log(...x: unknown[]): void };${code}`, ["lib.es2022.d.ts"]),
    ).toEqual([]);
  });

  it("take a worker of a page", () => {
    const made =
      'await compile(network, { loss: "crossEntropy", worker: () => new Worker("worker.js", { type: "module" }) });';
    expect(complaints(onModel(made))).toEqual([]);
  });

  it("know the inputs by their names, in fit, evaluate and predict", () => {
    const onTwo = (code: string) => `
      import { compile, concatenate, dense, input, network } from "wasmgrad";
      ${data}
      const [a, b] = [input(2), input(2)] as const;
      const net = network({ inputs: { a, b }, outputs: dense(1)(concatenate()(a, b)) });
      const model = await compile(net, { loss: "meanSquaredError" });
      interface Inputs { readonly a: Float32Array; readonly b: Float32Array }
      declare const rows: Inputs;
      ${code}
      export {};`;
    expect(
      complaints(onTwo("await model.fit({ x: { a: x, b: x }, y }); await model.predict(rows);")),
    ).toEqual([]);
    expect(complaints(onTwo("await model.fit({ x: { a: x, c: x }, y });"))).not.toEqual([]);
    expect(complaints(onTwo("await model.evaluate({ x: { a: x }, y });"))).not.toEqual([]);
    expect(complaints(onTwo("await model.predict({ a: x, c: x });"))).not.toEqual([]);
  });

  it("take a signal that may be undefined", () => {
    const code = `
      declare const signal: AbortSignal | undefined;
      await model.fit({ x, y }, { signal });
      await model.evaluate({ x, y }, { signal });
      await model.predict(x, { signal });`;
    expect(complaints(onModel(code))).toEqual([]);
  });

  it("refuse what is misspelled", () => {
    expect(complaints(onModel("model.fit({ x, y }, { epoch: 2 });")).join()).toContain(
      "'epoch' does not exist",
    );
    expect(complaints(onModel('dense(3, "rleu");'))).toHaveLength(1);
  });
});
