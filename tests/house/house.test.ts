/** The laws of the house (DESIGN.md, STYLE.md): sizes and names of files, imports in one direction, no chance. */
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { entries } from "../../tools/entries.mjs";
import { filesBelow, importsOf, parse, read, walk } from "./sources.js";

const manifest = JSON.parse(read("package.json")) as { exports: Record<string, unknown> };

const everything = ["assembly", "src", "tests", "bench", "examples"].flatMap((directory) =>
  filesBelow(directory, [".ts", ".mjs", ".js"]),
);
const shipped = everything.filter((path) => /^(assembly|src)\//.test(path));
const host = everything.filter((path) => path.startsWith("src/"));

describe("files", () => {
  it("are found in every part of the house", () => {
    for (const part of ["assembly/kernels/", "src/graph/primitives/", "src/ops/", "tests/kernels/"]) {
      expect(everything.filter((path) => path.startsWith(part))).not.toEqual([]);
    }
  });

  it("have at most 400 lines", () => {
    const lines = (path: string): number => read(path).trimEnd().split("\n").length;
    expect(everything.filter((path) => lines(path) > 400)).toEqual([]);
  });

  it("are named for what they hold", () => {
    expect(everything.filter((path) => /(^|\/)(utils?|helpers?|common|misc)\.\w+$/.test(path))).toEqual([]);
  });
});

/** What ECMAScript defines to the bit. The rest of Math differs from engine to engine. */
const exactMath = new Set(
  "E LN2 LN10 LOG2E LOG10E PI SQRT1_2 SQRT2 abs ceil clz32 floor fround imul max min round sign sqrt trunc".split(
    " ",
  ),
);

const isName = (node: ts.Node): boolean =>
  !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) &&
  !(ts.isPropertyAssignment(node.parent) && node.parent.name === node);

const isLiteral = (node: ts.Node): boolean =>
  ts.isNumericLiteral(ts.isPrefixUnaryExpression(node) ? node.operand : node);

/** Expressions whose value depends on the engine, the hour or chance, as `line: text`. */
function inexact(source: ts.SourceFile): string[] {
  const found: string[] = [];
  walk(source, (node) => {
    const report = (): unknown => {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      return found.push(`${source.fileName}:${line + 1}: ${node.parent.getText()}`);
    };
    if (ts.isIdentifier(node) && isName(node)) {
      const { parent } = node;
      const isExact =
        ts.isPropertyAccessExpression(parent) &&
        parent.expression === node &&
        exactMath.has(parent.name.text);
      if (node.text === "Math" && !isExact) report();
      if (/^(Date|Mathf|NativeMathf?|JSMath)$/.test(node.text)) report();
    } else if (node.kind === ts.SyntaxKind.AsteriskAsteriskToken) {
      const { left, right } = node.parent as ts.BinaryExpression;
      if (!isLiteral(left) || !isLiteral(right)) report();
    } else if (node.kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken) report();
  });
  return found;
}

describe("results", () => {
  it("depend on no clock, no chance and no engine's own mathematics", () => {
    // The f64 reference checks gradients; nothing of it reaches a weight.
    const exact = shipped.filter((path) => !path.startsWith("src/graph/reference/"));
    expect(exact.length).toBeLessThan(shipped.length);
    expect(exact.flatMap((path) => inexact(parse(path)))).toEqual([]);
  });

  it.each([
    "Math.random()",
    "Math.exp(x)",
    "const { tanh } = Math",
    'Math["sin"](x)',
    "const now = Date.now()",
    "new Date()",
    "x ** 0.5",
    "x **= 2",
    "NativeMath.exp(x)",
  ])("are seen to do so in %s", (text) => {
    expect(inexact(parse("sample.ts", text))).toHaveLength(1);
  });

  it.each(["Math.sqrt(2 ** -24)", "x.Math", "/** Math.exp */ y.Date", '"Math.exp"'])(
    "are not in %s",
    (text) => {
      expect(inexact(parse("sample.ts", text))).toEqual([]);
    },
  );
});

/** The rooms of a floor: its folders, and the files that stand for one. */
const rooms = (floor: string): string[] => [
  ...new Set(
    filesBelow(floor, [".ts"])
      .map((path) => path.slice(floor.length + 1))
      .filter((path) => path.includes("/"))
      .map((path) => path.split("/")[0] as string),
  ),
];

describe("the house", () => {
  const families = rooms("assembly/kernels");

  /** What updates weights is no function of values: it has instructions, and no node of the graph. */
  const ofValues = families.filter((family) => !["update", "optimizer"].includes(family));

  it.each(["assembly/isa", "src/compile/facts"])(
    "has a file in %s for each family of the kernels",
    (floor) => {
      const files = filesBelow(floor, [".ts"]).map((path) => path.slice(floor.length + 1, -".ts".length));
      const others = ["chunks", "control", "fact", "limits", "op", "purpose"];
      expect(files.filter((name) => !others.includes(name))).toEqual(families);
    },
  );

  it.each(["src/graph/primitives", "src/graph/reference", "tests/cases"])(
    "has the families of the kernels in %s",
    (floor) => {
      expect(rooms(floor)).toEqual(ofValues);
    },
  );

  it("has the families of the kernels in their tests", () => {
    expect(rooms("tests/kernels").filter((room) => room !== "lanes")).toEqual(families);
  });

  it("has for each public subpath a folder of its name, or the file of it", () => {
    for (const [name, { source }] of Object.entries(entries)) {
      expect([`src/${name}.ts`, `src/${name}/index.ts`]).toContain(source);
    }
    const exported = Object.keys(manifest.exports).filter((path) => /^\.(\/\w+)?$/.test(path));
    expect(exported).toEqual(Object.keys(entries).map((name) => (name === "index" ? "." : `./${name}`)));
  });

  it("has every late part in wasmgrad/complete, for where there is no import()", () => {
    const late = host.flatMap((path) =>
      [...read(path).matchAll(/(\w+)(?: =|:) new Late\(/g)].map(([, name]) => name as string),
    );
    const provided = [...read("src/complete.ts").matchAll(/(\w+)\.provide\(/g)].map(([, name]) => name);
    expect(late.length).toBeGreaterThan(0);
    expect(provided.sort()).toEqual(late.sort());
  });

  it("has no losses, optimizers, schedules, callbacks or metrics among what trains", () => {
    expect(rooms("src/train")).toEqual(["feed", "health", "scoring"]);
  });
});

/** Floors that whoever is above them may import. */
const ground = ["src/check/", "src/numeric/", "src/late.ts"];
const graph = ["src/graph/value.ts", "src/graph/op.ts", "src/graph/shape.ts", "src/graph/schedule.ts"];
/** What users' data, losses, layers … are made of. */
const values = [...ground, "src/graph/", "src/ops/"];

/** Whom a floor of src/ may import, beside itself and the instruction set: values, and in types only. The longest path counts. */
const directions: Record<string, { values: string[]; types?: string[] }> = {
  "src/check/": { values: [] },
  "src/numeric/": { values: [] },
  "src/late.ts": { values: ["src/check/"] },
  "src/graph/": { values: ["src/check/"], types: ["src/compile/facts/fact.ts"] },
  "src/graph/primitives/": { values: ["src/check/", ...graph, "src/graph/rewrite.ts", "src/compile/facts/"] },
  "src/compile/facts/": { values: ["src/compile/verify/reach.ts"] },
  "src/graph/reference/": { values: ["src/numeric/", ...graph], types: ["src/graph/primitives/"] },
  "src/ops/": { values: [...ground, "src/graph/"] },
  "src/layers/": { values },
  "src/network/": { values: [...values, "src/layers/", "src/plot/display.ts"], types: ["src/plot/"] },
  "src/compile/": { values: [...ground, "src/graph/"] },
  "src/runtime/": { values: ["src/check/", "src/compile/", "build/"], types: ["src/graph/"] },
  "src/worker/": {
    values: ["src/check/", "src/late.ts", "src/runtime/", "build/"],
    types: ["src/compile/facts/fact.ts"],
  },
  "src/rows/": { values: [...ground, ...graph] },
  "src/losses/": { values, types: ["src/rows/"] },
  "src/metrics/": { values: [...ground, "src/rows/mend", "src/rows/nesting"], types: ["src/rows/"] },
  "src/metrics/engine/": {
    values: [...values, "src/losses/", "src/metrics/"],
    types: ["src/rows/", "src/compile/"],
  },
  "src/optimizers/": { values: [...ground, "src/graph/", "src/compile/"] },
  "src/schedules/": { values: ground, types: ["src/optimizers/"] },
  "src/plot/": {
    values: [
      ...ground,
      "src/graph/shape.ts",
      "src/rows/",
      "src/network/wiring.ts",
      "src/callbacks/monitor.ts",
      "src/io/crc32c.ts",
    ],
    types: ["src/"],
  },
  "src/callbacks/": {
    values: ["src/check/", "src/late.ts", "src/runtime/timer.ts", "src/io/stores/"],
    types: ["src/model/", "src/train/", "src/metrics/engine/metric.ts"],
  },
  "src/data/": { values: [...ground, "src/rows/"], types: ["src/train/", "src/model/"] },
  "src/io/": {
    values: ["src/check/", ...graph],
    types: ["src/model/", "src/train/", "src/compile/", "src/runtime/"],
  },
  "src/io/index.ts": { values: ["src/"] },
  "src/io/network/": { values: ["src/"] },
  "src/io/foreign.ts": { values: ["src/"] },
  "src/io/file/": { values: ["src/"] },
  "src/io/torch/": { values: ["src/"] },
  "src/io/brain/": { values: ["src/"] },
  "src/model/": { values: ["src/"] },
  "src/train/": { values: ["src/"] },
  "src/autodiff/": { values: ["src/"] },
};

/** Imports of a file that go against the direction of the data, as `from → to`. */
function misdirected(source: ts.SourceFile): string[] {
  const from = source.fileName;
  const [place = ""] = Object.keys(directions)
    .filter((key) => from.startsWith(key))
    .sort((a, b) => b.length - a.length);
  const { values, types = [] } = directions[place] ?? { values: ["src/"] };
  return importsOf(source)
    .filter(({ target, isType }) => {
      if (/^src\/(index|core|surface)\.ts$/.test(target)) return !/^src\/(index|core)\.ts$/.test(from);
      const allowed = ["assembly/isa", place, ...values, ...(isType ? types : [])].filter(
        (path) => path !== "",
      );
      return !allowed.some((path) => target.startsWith(path));
    })
    .map(({ target, isType }) => `${from} → ${isType ? "type " : ""}${target}`);
}

describe("imports", () => {
  it("follow the data: layers → ops → primitives → graph → compile → runtime ← model ← train", () => {
    const sources = host.filter((path) => path !== "src/index.ts").map((path) => parse(path));
    expect(sources.flatMap(importsOf).length).toBeGreaterThan(sources.length);
    expect(sources.flatMap(misdirected)).toEqual([]);
  });

  it("of the f64 reference are those of gradientCheck: the core goes without it", () => {
    const importers = host.filter(
      (path) =>
        !path.startsWith("src/graph/reference/") &&
        importsOf(parse(path)).some(({ target }) => target.startsWith("src/graph/reference/")),
    );
    expect(importers).toEqual(["src/autodiff/checkFunction.ts", "src/autodiff/checkNetwork.ts"]);
    const users = host.filter(
      (path) =>
        !path.startsWith("src/autodiff/") &&
        importsOf(parse(path)).some(({ target }) => target.startsWith("src/autodiff/")),
    );
    expect(users).toEqual([]);
  });

  it("make no circle", () => {
    const imports = new Map(
      host.map((path) => [path, importsOf(parse(path)).map(({ target }) => target)] as const),
    );
    const reaches = (from: string, wanted: string, seen = new Set<string>()): boolean =>
      (imports.get(from) ?? []).some((next) => {
        if (next === wanted) return true;
        if (seen.has(next)) return false;
        seen.add(next);
        return reaches(next, wanted, seen);
      });
    expect(host.filter((path) => reaches(path, path))).toEqual([]);
    expect(reaches("src/index.ts", "src/graph/value.ts")).toBe(true);
  });

  it.each([
    ["src/graph/backward.ts", 'import { add } from "../ops/elementwise.js"'],
    ["src/graph/backward.ts", 'import type { Layer } from "../layers/layer.js"'],
    ["src/graph/primitives/elementwise/unary.ts", 'import { emit } from "../../../compile/emit.js"'],
    ["src/graph/primitives/elementwise/unary.ts", 'export * from "../../../layers/dense/dense.js"'],
    ["src/layers/dense/dense.ts", 'const later = import("../../train/fit.js")'],
    ["src/runtime/engine.ts", 'import { softmax } from "../ops/softmax.js"'],
    ["src/runtime/engine.ts", 'import type { History } from "../train/fit.js"'],
    ["src/train/fit.ts", 'import type { Model } from "../index.js"'],
    ["src/compile/memory/plan.ts", 'import { readFileSync } from "node:fs"'],
    ["src/model/model.ts", 'import ts from "typescript"'],
    ["src/data/splits/crossValidate.ts", 'import { fitState } from "../../train/fit.js"'],
    ["src/metrics/accuracy.ts", 'import { toTable } from "../rows/table.js"'],
  ])("of %s may not be %s", (path, text) => {
    expect(misdirected(parse(path, text))).toHaveLength(1);
  });

  it.each([
    ["src/graph/primitives/elementwise/unary.ts", 'import type { Emit } from "../../value.js"'],
    ["src/runtime/layout.ts", 'import { type Value } from "../graph/value.js"'],
    ["src/runtime/engine.ts", 'import { Op } from "../../assembly/isa.js"'],
    ["src/train/fit.ts", 'import { Engine } from "../runtime/engine.js"'],
  ])("of %s may be %s", (path, text) => {
    expect(misdirected(parse(path, text))).toEqual([]);
  });
});
