/** Weights of rows: each counts so often as its weight says, and the mean stays that over all rows (Keras). */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  binaryCrossEntropy,
  compile,
  crossEntropy,
  customLoss,
  dense,
  input,
  meanSquaredError,
  network,
  sequential,
  sgd,
} from "../../src/index.ts";
import { mean, square, subtract } from "../../src/ops/index.ts";
import { weightBits } from "../given/models.ts";

const x = Array.from({ length: 6 }, (_, i) => [i / 6 - 0.5, ((i * 7) % 5) / 5, 1 - i / 3]);
const labels = [0, 1, 2, 1, 0, 2];
const weights = [0.5, 2, 0, 1, 1, 3];

const softmaxed = () => sequential(input(3), dense(4, "tanh"), dense(3, "softmax"));
const compiled = () =>
  compile(softmaxed(), { loss: "crossEntropy", optimizer: sgd({ learningRate: 0.5 }), seed: 3 });

describe("sample weights", () => {
  it("of one leave every bit as it is without them", async () => {
    const [plain, weighted] = [await compiled(), await compiled()];
    await plain.fit({ x, y: labels }, { epochs: 3, batchSize: 4 });
    await weighted.fit({ x, y: labels, sampleWeight: labels.map(() => 1) }, { epochs: 3, batchSize: 4 });
    expect(weightBits(weighted)).toEqual(weightBits(plain));
  });

  it("of 2 and 0 train as if a row were there twice or not at all, at the rate that the mean is over", async () => {
    const rows = (indices: readonly number[]) => ({
      x: indices.map((i) => x[i]!),
      y: indices.map((i) => labels[i]!),
    });
    const repeated = await compiled();
    await repeated.fit(rows([0, 1, 1, 3, 4, 4]), { batchSize: 6, epochs: 20, shuffle: false });
    const weighted = await compiled();
    const data = { ...rows([0, 1, 3, 4, 2, 5]), sampleWeight: [1, 2, 1, 2, 0, 0] };
    await weighted.fit(data, { batchSize: 6, epochs: 20, shuffle: false });
    for (const [name, { data: found }] of Object.entries(weighted.weights())) {
      const expected = repeated.weights()[name]!.data;
      found.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
    }
  });

  it("make the loss Σ weight · loss / rows, as the losses of single rows say", async () => {
    const model = await compiled();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 6, maxLength: 6 }),
        async (some) => {
          const singles = await Promise.all(x.map((row, i) => model.evaluate({ x: [row], y: [labels[i]!] })));
          const expected = singles.reduce((sum, { loss }, i) => sum + loss * some[i]!, 0) / 6;
          const { loss } = await model.evaluate({ x, y: labels, sampleWeight: some });
          expect(Math.abs(loss - expected)).toBeLessThan(1e-5 * Math.max(1, expected));
        },
      ),
      { numRuns: 30 },
    );
  });

  it("apply to each named output by its own list, and those left out count as they are", async () => {
    const from = input(3);
    const both = network({
      inputs: from,
      outputs: { kind: dense(3, "softmax")(from), size: dense(1)(from) },
    });
    const model = await compile(both, { loss: { kind: "crossEntropy", size: "meanSquaredError" } });
    const y = { kind: labels, size: labels };
    const plain = await model.evaluate({ x, y });
    const weighted = await model.evaluate({ x, y, sampleWeight: { size: weights.map(() => 2) } });
    expect(weighted.outputs.kind.loss).toBeCloseTo(plain.outputs.kind.loss, 6);
    expect(weighted.outputs.size.loss).toBeCloseTo(2 * plain.outputs.size.loss, 5);
  });

  it("come with streams, micro-batches and validation alike", async () => {
    const data = { x, y: labels, sampleWeight: weights };
    const [whole, parts, streamed] = [await compiled(), await compiled(), await compiled()];
    const options = { shuffle: false, batchSize: 6, validation: data };
    const [report] = await whole.fit(data, options);
    const [inParts] = await parts.fit(data, { ...options, accumulate: 3 });
    const [fromStream] = await streamed.fit([data], { validation: [data] });
    expect(report?.loss).toBeCloseTo(inParts?.loss ?? 0, 6);
    expect(fromStream?.loss).toBe(report?.loss);
    expect(fromStream?.validation.loss).toBe(report?.validation.loss);
    expect(weightBits(streamed)).toEqual(weightBits(whole));
  });

  it("of training leave validation and evaluation in its midst without any as they are", async () => {
    const model = await compiled();
    const plain = { x, y: labels };
    const seen: number[] = [];
    const reports = await model.fit(
      { ...plain, sampleWeight: weights },
      {
        epochs: 2,
        validation: plain,
        onEpoch: async () => {
          seen.push((await model.evaluate(plain)).loss, (await model.evaluate([plain])).loss);
        },
      },
    );
    const [first, second] = reports.map(({ validation }) => validation.loss);
    expect(seen).toEqual([first, first, second, second]);
    expect((await model.evaluate(plain)).loss).toBe(second);
  });

  it.each([
    ["binaryCrossEntropy", binaryCrossEntropy()],
    ["meanSquaredError", meanSquaredError()],
    ["their sum", meanSquaredError({ reduction: "sum" })],
    ["a custom loss by rows", customLoss((p, t) => mean(square(subtract(p, t)), { axis: 1 }))],
    ["labels for each place of a row", crossEntropy()],
  ])("scale %s", async (name, loss) => {
    const isSequence = name.startsWith("labels");
    const net = sequential(input(isSequence ? [2, 3] : 3), dense(3));
    const model = await compile(net, { loss, seed: 1 });
    const rows = isSequence ? x.map((row) => [row, row.toReversed()]) : x;
    const y = isSequence ? labels.map((label) => [label, 0]) : x.map((row) => row.map((v) => Math.abs(v)));
    const { loss: plain } = await model.evaluate({ x: rows, y });
    const { loss: tripled } = await model.evaluate({ x: rows, y, sampleWeight: labels.map(() => 3) });
    expect(tripled).toBeCloseTo(3 * plain, 4);
  });
});

describe("sample weights that do not fit", () => {
  it.each([
    [{ sampleWeight: [1, 2] }, "fit: x has 6 rows and sampleWeight has 2"],
    [
      { sampleWeight: [1, 1, 1, -1, 1, 1] },
      "fit: sampleWeight: row 3, column 0 is -1; needs a weight of at least 0",
    ],
    [{ sampleWeight: [1, 1, NaN, 1, 1, 1] }, "fit: sampleWeight: row 2, column 0 is NaN"],
    [{ sampleWeights: labels }, 'there is no option "sampleWeights". Did you mean "sampleWeight"?'],
  ])("are refused: %j", async (extra, message) => {
    const model = await compiled();
    const before = weightBits(model);
    await expect(model.fit({ x, y: labels, ...extra })).rejects.toThrow(message);
    expect(weightBits(model)).toEqual(before);
  });

  it("are refused by a loss of one number for the whole step", async () => {
    const model = await compile(softmaxed(), {
      loss: customLoss((p, t) => mean(square(subtract(p, t))), { name: "whole" }),
    });
    const y = labels.map(() => [0, 0, 1]);
    await expect(model.fit({ x, y, sampleWeight: weights })).rejects.toThrow(
      "loss whole: gives one number for the whole step; sampleWeight needs a loss with a number for each row.",
    );
    await expect(model.fit({ x, y })).resolves.toHaveLength(1);
  });

  it("are refused in some batches of a stream only", async () => {
    const model = await compiled();
    const batches = [
      { x, y: labels },
      { x, y: labels, sampleWeight: weights },
    ];
    await expect(model.fit(batches)).rejects.toThrow("batch 2: has sampleWeight; the first batch had none");
  });
});
