/** Metrics of one's own: means over rows whatever the batches, of what the function of prediction and target gives. */
import { describe, expect, it } from "vitest";
import {
  compile,
  customMetric,
  dense,
  input,
  OptionError,
  ShapeError,
  sequential,
} from "../../../src/index.ts";
import { abs, exp, max, mean, oneHot, subtract, sum, type Value } from "../../../src/ops/index.ts";
import { rowsOf } from "../../given/models.ts";

const ROWS = 11;
const x = rowsOf(ROWS, 3);
const y = rowsOf(ROWS, 2, 3);
const regression = () => sequential(input(3), dense(2));

describe("a metric of one's own", () => {
  it("is the mean of its number for each row, over uneven batches, streams, micro-batches and validation", async () => {
    const distance = customMetric((p, t) => sum(abs(subtract(p, t)), { axis: 1 }), { name: "distance" });
    for (const batchSize of [1, 4, 11]) {
      const model = await compile(regression(), {
        loss: "meanSquaredError",
        metrics: [distance],
        batchSize,
        seed: 1,
      });
      const predicted = await model.predict(x);
      const expected =
        y.reduce(
          (total, row, i) => total + row.reduce((all, t, j) => all + Math.abs(predicted[i * 2 + j]! - t), 0),
          0,
        ) / ROWS;
      expect((await model.evaluate({ x, y })).distance).toBeCloseTo(expected, 5);
      expect(
        (
          await model.evaluate([
            { x: x.slice(0, 7), y: y.slice(0, 7) },
            { x: x.slice(7), y: y.slice(7) },
          ])
        ).distance,
      ).toBeCloseTo(expected, 5);
      const [report] = await model.fit(
        { x, y },
        { batchSize, accumulate: batchSize > 1 ? 2 : 1, validation: { x, y } },
      );
      expect(report!.distance).toBeGreaterThan(0);
      expect(report!.validation.distance).toBeGreaterThan(0);
    }
  });

  it("counts all numbers of a row, and a scalar as often as a step has rows", async () => {
    const each = customMetric((p, t) => abs(subtract(p, t)), { name: "each" });
    const whole = customMetric((p, t) => mean(abs(subtract(p, t))), { name: "whole" });
    const model = await compile(regression(), {
      loss: "meanSquaredError",
      metrics: ["meanAbsoluteError", each, whole],
      batchSize: 4,
      seed: 1,
    });
    const scores = await model.evaluate({ x, y });
    expect(scores.each).toBeCloseTo(scores.meanAbsoluteError, 6);
    expect(scores.whole).toBeCloseTo(scores.meanAbsoluteError, 6);
  });

  it("sees outputs after the last activation, and labels as they are", async () => {
    const labels = Array.from({ length: ROWS }, (_, i) => i % 2);
    const sure = customMetric((p: Value) => max(p, { axis: 1 }), { name: "sure" });
    const right = customMetric((p, t) => sum(exp(subtract(oneHot(t, 2), p)), { axis: 1 }), { name: "right" });
    const net = sequential(input(3), dense(2, "softmax"));
    const model = await compile(net, { loss: "crossEntropy", metrics: [sure, right], seed: 1 });
    const predicted = await model.predict(x);
    const scores = await model.evaluate({ x, y: labels });
    const rows = labels.map((_, i) => [predicted[i * 2]!, predicted[i * 2 + 1]!] as const);
    expect(scores.sure).toBeCloseTo(rows.reduce((all, [a, b]) => all + Math.max(a, b), 0) / ROWS, 5);
    const expected = rows.reduce(
      (all, [a, b], i) => all + Math.exp(+(labels[i] === 0) - a) + Math.exp(labels[i]! - b),
      0,
    );
    expect(scores.right).toBeCloseTo(expected / ROWS, 5);
  });

  it("is refused without a name, with a name that reports have, and for what is no number for each row", async () => {
    const any = (p: Value) => p;
    expect(() => customMetric(any, {} as { name: string })).toThrow(OptionError);
    expect(() => customMetric(any, { name: "loss" })).toThrow("which reports have already");
    expect(() => customMetric("accuracy" as never, { name: "a" })).toThrow("needs a function");
    const compiled = (build: (p: Value) => Value) =>
      compile(regression(), { loss: "meanSquaredError", metrics: [customMetric(build, { name: "odd" })] });
    await expect(compiled(() => 3 as never)).rejects.toThrow("metric odd: returns 3; needs a value");
    await expect(compiled((p) => mean(p, { axis: 0 }))).rejects.toThrow(ShapeError);
  });
});
