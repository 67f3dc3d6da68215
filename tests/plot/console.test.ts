/** What `console.log` prints: words in place of insides, and in notebooks a picture. */
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { gradientCheck } from "../../src/autodiff/index.js";
import { crossValidate } from "../../src/data/index.js";
import { compile, dense, input, sequential } from "../../src/index.js";
import { classificationReport, confusionMatrix } from "../../src/metrics/index.js";
import { rowsOf } from "../given/models.js";
import { parseSvg, textsOf } from "./parseSvg.js";

const net = () => sequential(input(2), dense(3, "relu"), dense(1));
const data = { x: rowsOf(8, 2), y: rowsOf(8, 1, 2) };

/** What Deno's kernel for Jupyter shows: https://docs.deno.com/runtime/reference/cli/jupyter. */
const displayed = (one: object) =>
  (one as Record<symbol, () => Promise<Record<string, string>>>)[Symbol.for("Jupyter.display")]?.();

describe("console.log", () => {
  it("of a model prints its summary, also within something else, and when it was disposed", async () => {
    const model = await compile(net(), { loss: "meanSquaredError" });
    expect(inspect(model)).toBe(model.summary());
    expect(inspect({ model })).toContain("loss: meanSquaredError; optimizer: adam");
    const text = model.summary();
    model.dispose();
    expect(inspect(model)).toBe(text);
  });

  it("of a network prints its layers", () => {
    expect(inspect(net())).toMatch(
      /^layer +output +from +parameters +multiplications\n.*\ndense, relu +\[rows, 3\] +input +9 +6\n/,
    );
  });

  it("of reports prints their tables", async () => {
    const [predicted, labels] = [
      [0, 1, 1],
      [0, 1, 0],
    ];
    const model = () => compile(net(), { loss: "meanSquaredError", seed: 1 });
    for (const report of [
      confusionMatrix(predicted, labels),
      classificationReport(predicted, labels),
      await gradientCheck(net(), data, { loss: "meanSquaredError" }),
      await crossValidate(model, data, { folds: 2, fit: { epochs: 1 } } as never),
    ]) {
      expect(inspect(report)).toBe(String(report));
      expect(String(report).split("\n").length).toBeGreaterThan(2);
    }
  });
});

describe("a notebook", () => {
  it("shows a model and a network as text and as a picture", async () => {
    const model = await compile(net(), { seed: 1 });
    for (const [one, text] of [
      [model, model.summary()],
      [net(), inspect(net())],
    ] as const) {
      const shown = await displayed(one);
      expect(shown?.["text/plain"]).toBe(text);
      expect(textsOf(parseSvg(shown?.["image/svg+xml"] as string))).toContain("dense, relu");
    }
    expect((await displayed(model))?.["image/svg+xml"]).toContain("positive weight");
  });

  it("shows a model that was disposed as text alone", async () => {
    const model = await compile(net());
    model.dispose();
    expect(Object.keys((await displayed(model)) as object)).toEqual(["text/plain"]);
  });
});
