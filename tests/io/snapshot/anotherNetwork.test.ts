/** A snapshot of another network or another training is refused with what differs, and what may differ may. */
import { describe, expect, it } from "vitest";
import {
  adam,
  add,
  batchNorm,
  type CompileOptions,
  compile,
  cosineDecay,
  customLayer,
  customLoss,
  dense,
  dropout,
  gaussianNoise,
  input,
  l2,
  layerNorm,
  leakyRelu,
  type Model,
  maxNorm,
  multiply,
  network,
  rescale,
  sequential,
  sgd,
  warmup,
} from "../../../src/index.ts";
import { mean, square, subtract, tanh } from "../../../src/ops/index.ts";
import { bitsOf, rowsOf, weightBits } from "../../given/models.ts";
import type { Anything } from "./file.ts";
import { refusalOf } from "./refused.ts";

const data = { x: rowsOf(20, 4), y: rowsOf(20, 2, 2) };
const settings = { loss: "meanSquaredError", optimizer: adam(), seed: 5 } as const;
type Options = CompileOptions<never>;
type Net = Parameters<typeof compile>[0];
const plain = () => sequential(input(4), dense(3, "relu"), dense(2));
const ready = (net: unknown = plain(), options: object = settings): Promise<Model> =>
  compile(net as Net, options as Options) as Promise<Anything>;

/** What a model says to the snapshot of another. */
async function refusal(there: Model, here: Model, options = {}): Promise<string> {
  return refusalOf(here, there.snapshot(), options);
}

/** A residual connection, or a chain of the same parameters. */
function joined(isResidual: boolean, product = false) {
  const from = input(4);
  const a = dense(4, "relu")(from);
  const join = product ? multiply() : add();
  return network({ inputs: from, outputs: dense(2)(isResidual ? join(a, from) : join(a, a)) });
}

const chain = (...layers: Anything[]) => sequential(input(4), ...layers, dense(2));

describe("weights of one network into another", () => {
  it.each<[string, () => unknown, () => unknown, string]>([
    [
      "of relu into tanh",
      () => chain(dense(3, "relu")),
      () => chain(dense(3, "tanh")),
      "dense.activation is relu in the snapshot, tanh here",
    ],
    [
      "of another slope",
      () => chain(dense(3, leakyRelu({ slope: 0.2 }))),
      () => chain(dense(3, leakyRelu({ slope: 0.1 }))),
      "dense.activation.slope is 0.2 in the snapshot, 0.1 here",
    ],
    [
      "without its rescale",
      () => chain(rescale(0.5), dense(3)),
      () => chain(dense(3)),
      "rescale is on input in the snapshot, missing here",
    ],
    [
      "of another rescale",
      () => chain(rescale(0.5), dense(3)),
      () => chain(rescale(2), dense(3)),
      "rescale[0] is 0.5 in the snapshot, 2 here",
    ],
    [
      "of another epsilon",
      () => chain(layerNorm({ epsilon: 1e-3 })),
      () => chain(layerNorm()),
      "layerNorm.epsilon is 0.001 in the snapshot, 0.00001 here",
    ],
    [
      "without its residual connection",
      () => joined(true),
      () => joined(false),
      "add is on dense, input in the snapshot, on dense, dense here",
    ],
    [
      "with a product for a sum",
      () => joined(true),
      () => joined(true, true),
      "add is on dense, input in the snapshot, missing here",
    ],
    [
      "of other units",
      () => chain(dense(3)),
      () => chain(dense(4)),
      "dense/kernel is [4, 3] in the snapshot, [4, 4] here",
    ],
    [
      "of another custom layer",
      () => chain(own("swish")),
      () => chain(own("mish")),
      "swish is on input in the snapshot, missing here",
    ],
    [
      "of a layer more",
      () => chain(dense(2), dense(2)),
      () => chain(dense(2)),
      "dense_3/kernel is [2, 2] in the snapshot, missing here",
    ],
  ])("%s are refused, alone too", async (_, there, here, says) => {
    const [from, to] = [await ready(there()), await ready(here())];
    expect(await refusal(from, to)).toContain(says);
    expect(await refusal(from, to, { weightsOnly: true })).toContain(says);
    expect(await refusal(from, to, { newSettings: true })).toContain("is of another network");
  });

  it("of two ends exchanged are refused", async () => {
    const ends = (first: string, second: string) => {
      const from = input(4);
      return network({ inputs: from, outputs: { [first]: dense(2)(from), [second]: dense(2)(from) } });
    };
    const loss = { a: "meanSquaredError", b: "meanSquaredError" };
    const [from, to] = [await ready(ends("a", "b"), { loss }), await ready(ends("b", "a"), { loss })];
    expect(await refusal(from, to, { weightsOnly: true })).toContain(
      'output "a" is dense in the snapshot, dense_2 here',
    );
  });

  it("are refused with three differences and how many more there are", async () => {
    const [from, to] = [await ready(chain(dense(3))), await ready(chain(dense(4)))];
    expect(await refusal(from, to)).toBe(
      "restore: the snapshot is of another network: dense/kernel is [4, 3] in the snapshot, [4, 4] here; dense/bias is [3] in " +
        "the snapshot, [4] here; dense_2/kernel is [3, 2] in the snapshot, [4, 2] here. Compile the network that it was taken " +
        "of; setWeights takes weights for any.",
    );
  });
});

const own = (kind: string) => customLayer({ kind, build: ([x]) => tanh(x) });

describe("what only training looks at", () => {
  const trained = () =>
    chain(
      dropout(0.25),
      dense(3, {
        activation: "relu",
        kernelRegularizer: l2(0.01),
        kernelConstraint: maxNorm(3),
        name: "hidden",
      }),
      gaussianNoise(0.1),
      batchNorm({ momentum: 0.5 }),
    );
  const served = () =>
    chain(
      dense(3, { activation: "relu", name: "hidden", kernelInitializer: "zeros" }),
      batchNorm({ trainable: false }),
    );

  it("may be left out where the weights alone are restored", async () => {
    const from = await ready(trained());
    await from.fit(data, { epochs: 1 });
    const to = await ready(served(), { seed: 9 });
    to.restore(from.snapshot(), { weightsOnly: true });
    expect(weightBits(to)).toEqual(weightBits(from));
    expect(await to.predict(data.x)).toEqual(await from.predict(data.x));
  });

  it.each<[string, unknown, string]>([
    ["the rate of dropout", chain(dropout(0.5), dense(3)), "dropout[0] is 0.25 in the snapshot, 0.5 here"],
    [
      "dropout at all",
      chain(dense(3)),
      "dense is on dropout in the snapshot, on input here; dropout is on input in",
    ],
    [
      "a regularizer",
      chain(dropout(0.25), dense(3, { kernelRegularizer: "l2" })),
      "dense.kernelRegularizer is missing in the snapshot, l2 here",
    ],
  ])("must be the same where training goes on: %s", async (_, here, says) => {
    const [from, to] = [await ready(chain(dropout(0.25), dense(3))), await ready(here)];
    const message = await refusal(from, to);
    expect(message).toContain("is of another training");
    for (const part of says.split("; ")) expect(message).toContain(part);
    expect(() => to.restore(from.snapshot(), { newSettings: true })).not.toThrow();
  });

  it("may begin elsewhere, and be named as one likes", async () => {
    const [from, to] = [
      await ready(chain(rescale(2, { name: "scaled" }), dense(3))),
      await ready(chain(rescale(2), dense(3, { kernelInitializer: "zeros" }))),
    ];
    to.restore(from.snapshot());
    expect(weightBits(to)).toEqual(weightBits(from));
  });

  it("is not what functions of one's own do: they go by the name that they were given", async () => {
    const activation = (f: Anything) => chain(dense(3, f));
    const [a, b] = [
      await ready(activation((x: Anything) => tanh(x))),
      await ready(activation((y: Anything) => tanh(y))),
    ];
    expect(() => b.restore(a.snapshot())).not.toThrow();
    const difference = (p: Anything, t: Anything) => mean(square(subtract(p, t)));
    const minified = (q: Anything, u: Anything) => mean(square(subtract(q, u)));
    const [c, d] = [await ready(plain(), { loss: difference }), await ready(plain(), { loss: minified })];
    expect(() => d.restore(c.snapshot())).not.toThrow();
    const named = (name: string) => ready(plain(), { loss: customLoss(difference, { name }) });
    expect(await refusal(await named("one"), await named("two"))).toContain(
      'loss of "output" is one in the snapshot, two here',
    );
  });
});

describe("a training that would not go on as it was is refused, naming", () => {
  const fromAdam = (more: object) => ({ ...settings, optimizer: adam(more) });
  it.each<[string, object, object, string]>([
    [
      "another optimizer",
      settings,
      { ...settings, optimizer: sgd() },
      "optimizer is adam in the snapshot, sgd here",
    ],
    [
      "another loss",
      settings,
      { ...settings, loss: "binaryCrossEntropy" },
      "is meanSquaredError in the snapshot, binaryCrossEntropy here",
    ],
    [
      "another rate",
      settings,
      fromAdam({ learningRate: 0.1 }),
      "optimizer.learningRate is 0.001 in the snapshot, 0.1 here",
    ],
    ["another beta", settings, fromAdam({ beta1: 0.8 }), "optimizer.beta1 is 0.9 in the snapshot, 0.8 here"],
    [
      "another schedule",
      fromAdam({ learningRate: cosineDecay({ initialLearningRate: 0.1, decaySteps: 9 }) }),
      fromAdam({ learningRate: cosineDecay({ initialLearningRate: 0.1, decaySteps: 8 }) }),
      "optimizer.learningRate.decaySteps is 9 in the snapshot, 8 here",
    ],
    [
      "another warm-up",
      fromAdam({ learningRate: warmup(0.1, { steps: 3 }) }),
      fromAdam({ learningRate: 0.1 }),
      "optimizer.learningRate is warmup in the snapshot, 0.1 here",
    ],
    [
      "other groups",
      fromAdam({ groups: { "*bias": { weightDecay: 1 } } }),
      settings,
      "optimizer.groups.*bias.weightDecay is 1",
    ],
    ["other clipping", { ...settings, clipNorm: 1 }, settings, "clipping.norm is 1 in the snapshot, 0 here"],
    ["another seed", settings, { ...settings, seed: 6 }, "seed is 5 in the snapshot, 6 here"],
    [
      "a reduction",
      settings,
      { ...settings, loss: "sumOfSquares" },
      "is meanSquaredError in the snapshot, sumOfSquares here",
    ],
  ])("%s", async (_, there, here, says) => {
    const [from, to] = [await ready(plain(), there), await ready(plain(), here)];
    const message = await refusal(from, to);
    expect(message).toContain(says);
    // Who serves needs the weights alone, and is told how.
    expect(message).toContain("{ weightsOnly: true }");
    to.restore(from.snapshot(), { weightsOnly: true });
    expect(weightBits(to)).toEqual(weightBits(from));
  });

  it("no loss, by the slots that are missing", async () => {
    const [from, to] = [await ready(), await ready(plain(), {})];
    expect(await refusal(from, to)).toContain("slots of dense/kernel is 2 in the snapshot, 0 here");
    to.restore(from.snapshot(), { weightsOnly: true });
    expect(bitsOf(to.weights())).toEqual(bitsOf(from.weights()));
  });

  it("other metrics, where sums of an epoch are under way", async () => {
    const from = await ready(plain(), { ...settings, metrics: ["meanAbsoluteError"] });
    await from.fit(data, { epochs: 2, batchSize: 5 });
    const to = await ready();
    expect(() => to.restore(from.snapshot())).not.toThrow();
    await from.fit(data, { epochs: 2, batchSize: 5, maxSteps: 2 });
    expect(await refusal(from, to, { newSettings: true })).toContain(
      'metrics of "output"[0] is meanAbsoluteError in the snapshot, missing here',
    );
  });
});

describe("new settings", () => {
  it("take over what the optimizer keeps, and train on by the rate of the model", async () => {
    const from = await ready();
    await from.fit(data, { epochs: 2, batchSize: 5, maxSteps: 5 });
    const to = await ready(plain(), { ...settings, optimizer: adam({ learningRate: 1e-5 }), seed: 7 });
    to.learningRateFactor = 0.5;
    to.restore(from.snapshot(), { newSettings: true });
    expect(to.learningRateFactor).toBe(0.5);
    expect(weightBits(to)).toEqual(weightBits(from));
    const reports = await to.fit(data, { epochs: 2, batchSize: 5, resume: true });
    expect(reports.at(-1)).toMatchObject({ epoch: 2, learningRate: 5e-6 });
    // The first moment of before moves the weights: a model without it goes elsewhere.
    const other = await ready(plain(), { ...settings, optimizer: adam({ learningRate: 1e-5 }), seed: 7 });
    other.restore(from.snapshot(), { weightsOnly: true });
    await other.fit(data, { epochs: 1, batchSize: 5, maxSteps: 3 });
    expect(weightBits(other)).not.toEqual(weightBits(to));
  });

  it("are none of another optimizer", async () => {
    const [from, to] = [await ready(), await ready(plain(), { ...settings, optimizer: sgd() })];
    expect(await refusal(from, to, { newSettings: true })).toContain(
      "optimizer is adam in the snapshot, sgd here",
    );
  });
});
