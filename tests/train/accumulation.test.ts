/** Steps in micro-batches: equal to whole ones to rounding, in less memory. */
import { describe, expect, it } from "vitest";
import { subtract } from "../../src/graph/primitives/elementwise/binary.js";
import { square } from "../../src/graph/primitives/elementwise/unary.js";
import { normalNoise } from "../../src/graph/primitives/noise/noise.js";
import {
  adam,
  compile,
  crossEntropy,
  customLayer,
  customLoss,
  DivergedError,
  dense,
  dropout,
  type Examples,
  input,
  type Loss,
  meanSquaredError,
  network,
  type Optimizer,
  OptionError,
  type StepReport,
  sequential,
  sgd,
} from "../../src/index.js";
import { bitsOf, rejectionOf, rowsOf } from "../given/models.js";

const x = rowsOf(44, 6);
const y = rowsOf(44, 2, 2);
const data = { x, y };

const OPTIMIZERS: Record<string, () => Optimizer> = {
  "plain descent": () => sgd({ learningRate: 0.05 }),
  momentum: () => sgd({ learningRate: 0.05, momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
  adam: () => adam({ learningRate: 0.01 }),
};
const LOSSES: Record<string, () => Loss> = {
  "a mean": () => meanSquaredError(),
  "a sum": () => meanSquaredError({ reduction: "sum" }),
  "a user's mean": () => customLoss((p, t) => square(subtract(p, t))),
  "a user's sum": () => customLoss((p, t) => square(subtract(p, t)), { reduction: "sum" }),
};

const chain = (rate = 0) =>
  sequential(input(6), dense(8, "tanh"), ...(rate > 0 ? [dropout(rate)] : []), dense(2));

interface Training {
  readonly accumulate?: number;
  readonly loss?: Loss;
  readonly optimizer?: Optimizer;
  readonly batchSize?: number;
  readonly rate?: number;
  readonly clipNorm?: number;
  readonly epochs?: number;
}

async function trained({
  accumulate = 1,
  loss = meanSquaredError(),
  batchSize = 12,
  rate = 0,
  ...rest
}: Training) {
  const { optimizer = sgd({ learningRate: 0.05 }), clipNorm, epochs = 3 } = rest;
  const model = await compile(chain(rate), {
    loss,
    optimizer,
    metrics: ["meanAbsoluteError", "meanSquaredError"],
    seed: 5,
    ...(clipNorm === undefined ? {} : { clipNorm }),
  });
  const steps: StepReport[] = [];
  const history = await model.fit(data, {
    batchSize,
    epochs,
    accumulate,
    onStep: (step) => steps.push(step),
  });
  return { model, history, steps, weights: model.weights() };
}

type Trained = Awaited<ReturnType<typeof trained>>;

/** Weights, reports of steps and of epochs agree to the rounding of sums in f32. */
function expectAlike(found: Trained, expected: Trained, tolerance = 2e-5) {
  for (const [name, { data }] of Object.entries(expected.weights)) {
    data.forEach((value, i) => {
      const other = found.weights[name]?.data[i] as number;
      expect(Math.abs(other - value), `${name}[${i}]`).toBeLessThan(tolerance * Math.max(1, Math.abs(value)));
    });
  }
  const close = (a: number, b: number) =>
    expect(Math.abs(a - b)).toBeLessThan(tolerance * Math.max(1, Math.abs(b)));
  expect(found.steps.map(({ step, rows }) => [step, rows])).toEqual(
    expected.steps.map(({ step, rows }) => [step, rows]),
  );
  found.steps.forEach((step, i) => {
    close(step.loss, expected.steps[i]?.loss as number);
    close(step.gradientNorm, expected.steps[i]?.gradientNorm as number);
  });
  found.history.forEach((report, i) => {
    const other = expected.history[i];
    expect(report.steps).toBe(other?.steps);
    close(report.loss, other?.loss as number);
    close(report.meanAbsoluteError, other?.meanAbsoluteError as number);
    close(report.meanSquaredError, other?.meanSquaredError as number);
  });
}

describe("accumulate", () => {
  describe.each(Object.entries(LOSSES))("with %s for a loss", (name, loss) => {
    const rate = name.endsWith("sum") ? 0.002 : 0.05;
    // 44 rows in batches of 12 end in one of 8; k = 5 cuts 12 into 3, 3, 3, 3 and 8 into 3, 3, 2.
    it.each([2, 3, 5, 7, 12, 50])("%i equals whole batches to rounding", async (accumulate) => {
      const optimizer = () => sgd({ learningRate: rate });
      const whole = await trained({ loss: loss(), optimizer: optimizer() });
      expectAlike(await trained({ loss: loss(), optimizer: optimizer(), accumulate }), whole);
      expect(bitsOf(whole.weights)).not.toEqual(bitsOf((await trained({ loss: loss(), epochs: 1 })).weights));
    });
  });

  it.each(Object.entries(OPTIMIZERS))(
    "equals whole batches with %s and a clipped norm",
    async (_, optimizer) => {
      for (const clipNorm of [0.05, 1e6]) {
        const whole = await trained({ optimizer: optimizer(), clipNorm });
        expectAlike(await trained({ optimizer: optimizer(), clipNorm, accumulate: 4 }), whole, 1e-4);
        expect(whole.steps.some(({ gradientNorm }) => gradientNorm > clipNorm)).toBe(clipNorm < 1);
      }
    },
  );

  it("of one micro-batch changes no bit", async () => {
    const [one, none] = [await trained({ accumulate: 1, rate: 0.3 }), await trained({ rate: 0.3 })];
    expect(bitsOf(one.weights)).toEqual(bitsOf(none.weights));
    expect(one.model.memory).toEqual(none.model.memory);
  });

  it("repeats to the bit", async () => {
    const run = () => trained({ accumulate: 3, rate: 0.3, optimizer: adam() });
    expect(bitsOf((await run()).weights)).toEqual(bitsOf((await run()).weights));
  });

  // Blocks of four random numbers: 3 rows of 8 features are 6 whole blocks, so the parts draw what the whole draws.
  it.each([2, 3, 4, 6, 12])("%i drops the units that the whole batch drops", async (accumulate) => {
    const whole = await trained({ rate: 0.5 });
    expectAlike(await trained({ rate: 0.5, accumulate }), whole);
    expect(whole.steps[0]?.loss).not.toBe((await trained({})).steps[0]?.loss);
  });

  it("draws other noise for each micro-batch, and that of the whole batch where rows are whole blocks", async () => {
    const noisy = customLayer({
      kind: "noisy",
      build: ([h], _, { training, node }) =>
        training ? subtract(h!, normalNoise({ shape: h!.shape, node, mean: 0, deviation: 1 })) : h!,
    });
    const losses = async (accumulate: number) => {
      const net = sequential(input(4), noisy, dense(4, { trainable: true }));
      const model = await compile(net, {
        loss: "meanSquaredError",
        optimizer: sgd({ learningRate: 0.01 }),
        seed: 1,
      });
      const rows = rowsOf(24, 4);
      const seen: number[] = [];
      await model.fit(
        { x: rows, y: rows },
        { batchSize: 8, accumulate, onStep: ({ loss }) => seen.push(loss) },
      );
      return seen;
    };
    const [whole, parts] = [await losses(1), await losses(4)];
    parts.forEach((loss, i) => expect(loss).toBeCloseTo(whole[i] as number, 5));
  });

  it("takes less memory than the whole batch, and more than a part by the sum of gradients", async () => {
    const big = async (batchSize: number, accumulate: number) => {
      const model = await compile(chain(), { loss: "meanSquaredError", batchSize: 1 });
      const rows = { x: rowsOf(512, 6), y: rowsOf(512, 2) };
      await model.fit(rows, { batchSize, accumulate });
      return model.memory;
    };
    const [whole, parts, small] = [await big(512, 1), await big(512, 16), await big(32, 1)];
    expect(parts.arena).toBeLessThan(whole.arena / 8);
    expect(parts.arena).toBe(small.arena);
    expect(parts.chunk).toBe(small.chunk);
    expect(parts.gradients).toBe(2 * small.gradients);
    expect(parts.slots).toBe(small.slots);
  });

  it("is forgotten by the next fit, and the slots go on", async () => {
    const run = async (accumulates: readonly number[]) => {
      const model = await compile(chain(), {
        loss: "meanSquaredError",
        optimizer: adam({ learningRate: 0.01 }),
        seed: 2,
      });
      for (const accumulate of accumulates)
        await model.fit(data, { batchSize: 11, accumulate, shuffle: false });
      return model;
    };
    const [mixed, plain] = [await run([1, 4, 1, 2]), await run([1, 1, 1, 1])];
    const [a, b] = [mixed.weights(), plain.weights()];
    for (const [name, { data: values }] of Object.entries(b)) {
      values.forEach((value, i) => expect(a[name]?.data[i]).toBeCloseTo(value, 4));
    }
    await mixed.fit(data, { batchSize: 11 });
    expect(mixed.memory.gradients).toBe(plain.memory.gradients);
    expect(await mixed.evaluate(data)).toHaveProperty("loss");
  });

  it("evaluates and predicts in between as it would without", async () => {
    const model = await compile(chain(), {
      loss: "meanSquaredError",
      seed: 2,
      optimizer: sgd({ learningRate: 1e-30 }),
    });
    const before = [await model.evaluate(data), await model.predict(x)] as const;
    const seen: unknown[] = [];
    await model.fit(data, {
      batchSize: 20,
      accumulate: 4,
      validation: data,
      onStep: async () => seen.push(await model.predict(x)),
    });
    for (const one of seen) expect(one).toEqual(before[1]);
    expect((await model.evaluate(data)).loss).toBeCloseTo(before[0].loss, 6);
  });

  it("works on streams, whose batches may differ in size", async () => {
    const sizes = [12, 5, 1, 20, 6];
    const batches = () => {
      let first = 0;
      return sizes.map((rows): Examples => {
        const cut = <T>(all: readonly T[]) => all.slice(first, first + rows);
        const batch = { x: cut(x), y: cut(y) };
        first += rows;
        return batch;
      });
    };
    const run = async (accumulate: number, options = {}) => {
      const model = await compile(chain(), {
        loss: "meanSquaredError",
        optimizer: sgd({ learningRate: 0.05 }),
        seed: 2,
      });
      const seen: number[] = [];
      const onStep = ({ rows, loss }: StepReport) => seen.push(rows, loss);
      await model.fit(batches, { epochs: 2, accumulate, onStep, ...options });
      return { seen, weights: model.weights() };
    };
    const whole = await run(1);
    for (const parts of [await run(3), await run(4, { batchSize: 20 })]) {
      parts.seen.forEach((value, i) => expect(value).toBeCloseTo(whole.seen[i] as number, 5));
      for (const [name, { data: values }] of Object.entries(whole.weights)) {
        values.forEach((value, i) => expect(parts.weights[name]?.data[i]).toBeCloseTo(value, 5));
      }
    }
  });

  it("adds up labels, one-hot rows, several outputs and losses that layers add", async () => {
    const labels = x.map((_, i) => i % 3);
    const penalty = customLayer({
      kind: "penalty",
      build: ([h], _, { addLoss }) => {
        addLoss(square(h!));
        return h!;
      },
    });
    const start = input(6);
    const hidden = penalty(dense(8, "tanh")(start));
    const net = network({
      inputs: start,
      outputs: { kind: dense(3, "softmax")(hidden), value: dense(2)(hidden) },
    });
    const run = async (accumulate: number) => {
      const model = await compile(net, {
        loss: { kind: crossEntropy(), value: "meanSquaredError" },
        lossWeights: { kind: 2 },
        metrics: { kind: ["accuracy"] },
        optimizer: sgd({ learningRate: 0.1 }),
        seed: 2,
      });
      return (
        await model.fit({ x, y: { kind: labels, value: y } }, { batchSize: 16, accumulate, epochs: 2 })
      ).at(-1);
    };
    const [whole, parts] = [await run(1), await run(5)];
    expect(parts?.loss).toBeCloseTo(whole?.loss as number, 5);
    expect(parts?.losses?.penalty).toBeCloseTo(whole?.losses?.penalty as number, 5);
    expect(parts?.outputs.kind.loss).toBeCloseTo(whole?.outputs.kind.loss as number, 5);
    expect(parts?.outputs.kind.accuracy).toBe(whole?.outputs.kind.accuracy);
    expect(parts?.outputs.value.loss).toBeCloseTo(whole?.outputs.value.loss as number, 5);
  });

  it("diverging in the middle of a step leaves the weights before it", async () => {
    const rows = x.map((row) => [...row]);
    // Row 30 is finite, but its square is not: step 1 of 20 rows fails in its second micro-batch.
    rows[30] = rows[30]!.map(() => 3e38);
    const run = async (accumulate: number) => {
      const model = await compile(sequential(input(6), dense(2)), {
        loss: "meanSquaredError",
        optimizer: sgd({ learningRate: 0.05 }),
        seed: 2,
      });
      const error = await rejectionOf(
        model.fit({ x: rows, y }, { batchSize: 20, accumulate, shuffle: false }),
      );
      return { error: error as DivergedError, model };
    };
    const { error, model } = await run(4);
    expect(error).toBeInstanceOf(DivergedError);
    const good = await compile(sequential(input(6), dense(2)), {
      loss: "meanSquaredError",
      optimizer: sgd({ learningRate: 0.05 }),
      seed: 2,
    });
    await good.fit(
      { x: x.slice(0, 20), y: y.slice(0, 20) },
      { batchSize: 20, accumulate: 4, shuffle: false },
    );
    expect(bitsOf(model.weights())).toEqual(bitsOf(good.weights()));
    const { error: whole } = await run(1);
    expect(error.message).toBe(whole.message);
    await model.fit({ x: x.slice(20, 30), y: y.slice(20, 30) }, { batchSize: 10, accumulate: 2 });
    expect([...(model.weights()["dense/kernel"]?.data ?? [])].every(Number.isFinite)).toBe(true);
  });

  it.each([0, -1, 1.5, Number.NaN, "2", null])("is refused as %o", async (accumulate) => {
    const model = await compile(chain(), { loss: "meanSquaredError" });
    const error = await rejectionOf(model.fit(data, { accumulate: accumulate as number }));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toMatch(/^fit: accumulate is .*; needs an integer of at least 1\.$/);
  });
});
