/** A share of the rows to validate on: the last ones, which are not trained on. */
import { describe, expect, it } from "vitest";
import { compile, dense, earlyStopping, input, network, sequential } from "../../src/index.ts";
import { rowsOf, weightBits } from "../given/models.ts";

const ROWS = 25;
const data = {
  x: rowsOf(ROWS, 3),
  y: rowsOf(ROWS, 2, 3),
  sampleWeight: Array.from({ length: ROWS }, (_, i) => i % 3),
};
const model = () =>
  compile(sequential(input(3), dense(4, "tanh"), dense(2)), { loss: "meanSquaredError", seed: 4 });
const part = (first: number, end: number) => ({
  x: data.x.slice(first, end),
  y: data.y.slice(first, end),
  sampleWeight: data.sampleWeight.slice(first, end),
});

describe("validationSplit", () => {
  it("is to train on the first rows and to validate on the last: floor(rows · (1 − share)) of them, as in Keras", async () => {
    const [split, given] = [await model(), await model()];
    const fit = { epochs: 3, batchSize: 4 };
    const reports = await split.fit(data, { ...fit, validationSplit: 0.3 });
    const expected = await given.fit(part(0, 17), { ...fit, validation: part(17, ROWS) });
    expect(weightBits(split)).toEqual(weightBits(given));
    expect(reports.map(({ loss, validation }) => [loss, validation.loss])).toEqual(
      expected.map(({ loss, validation }) => [loss, validation.loss]),
    );
  });

  it("keeps bytes, named inputs and outputs together, and serves callbacks", async () => {
    const from = input(3);
    const both = network({ inputs: { from }, outputs: { a: dense(2)(from), b: dense(1)(from) } });
    const named = await compile(both, { loss: { a: "meanSquaredError", b: "meanSquaredError" } });
    const bytes = Uint8Array.from({ length: ROWS * 3 }, (_, i) => i % 7);
    const y = { a: data.y, b: Float32Array.from({ length: ROWS }, (_, i) => i / ROWS) };
    const callbacks = [earlyStopping({ patience: 2 })];
    const reports = await named.fit(
      { x: { from: bytes }, y },
      { epochs: 50, validationSplit: 0.2, callbacks },
    );
    expect(reports[0]!.validation.outputs.b.loss).toBeGreaterThan(0);
  });

  it.each([
    [{ validationSplit: 1 }, "fit: validationSplit is 1; needs a number between 0 and 1"],
    [{ validationSplit: 0.99 }, "which leaves 0 to train on and 25 to validate; needs some of both"],
    [{ validationSplit: 0.2, validation: data }, "validation and validationSplit are both given"],
  ])("is refused: %j", async (options, message) => {
    const subject = await model();
    const before = weightBits(subject);
    await expect(subject.fit(data, options as { validationSplit: number })).rejects.toThrow(message);
    expect(weightBits(subject)).toEqual(before);
  });

  it("is refused for streams", async () => {
    const stream = (await model()).fit([data], { validationSplit: 0.2 });
    await expect(stream).rejects.toThrow("validationSplit is for arrays, and the data is a stream");
  });
});
