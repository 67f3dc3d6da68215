/** The optimizers against PyTorch's numbers, by tests/peers/torch/optimizers.py, and what all of them promise. */
import { describe, expect, it } from "vitest";
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  add,
  compile,
  dense,
  input,
  lion,
  type Model,
  nadam,
  network,
  type Optimizer,
  type OptimizerName,
  type OptimizerOptions,
  OptionError,
  radam,
  rmsprop,
  sequential,
  sgd,
} from "../../src/index.js";
import { rowsOf, weightBits } from "../given/models.js";
import torch from "../peers/torch/optimizers.json" with { type: "json" };
import { clipFactor, define, gradientNorm } from "./reference.js";

type Make = (options?: OptimizerOptions) => Optimizer;

const OPTIMIZERS: Readonly<Record<Exclude<OptimizerName, "lbfgs">, Make>> = {
  sgd,
  adagrad,
  rmsprop,
  adadelta,
  adam,
  adamW,
  adamax,
  nadam,
  radam,
  lion,
};
type Name = keyof typeof OPTIMIZERS;

const make = (name: string, options: object = {}) => OPTIMIZERS[name as Name](options);

const shown = (name: string, options: object) => `${name} ${JSON.stringify(options).replaceAll('"', "")}`;

/** w · x, with the loss ½ (w · x − y)². */
async function single(optimizer: Optimizer, options: { clipNorm?: number } = {}): Promise<Model> {
  const model = await compile(sequential(input(13), dense(1, { useBias: false, name: "first" })), {
    loss: "sumOfSquares",
    optimizer,
    ...options,
  });
  model.setWeights({ "first/kernel": torch.start.first });
  return model;
}

/** first · x + second · x, with the loss ½ (… − y)². */
async function pair(optimizer: Optimizer): Promise<Model> {
  const x = input(13);
  const dot = (name: string) => dense(1, { useBias: false, name })(x);
  const outputs = add()(dot("first"), dot("second"));
  const model = await compile(network({ inputs: x, outputs }), { loss: "sumOfSquares", optimizer });
  model.setWeights({ "first/kernel": torch.start.first, "second/kernel": torch.start.second });
  return model;
}

const step = (model: Model, t: number) =>
  model.fit({ x: [torch.x[t] as number[]], y: [[torch.y[t] as number]] }, { batchSize: 1 });

const weightsOf = (model: Model, name: string) => [...(model.weights()[`${name}/kernel`]?.data ?? [])];

/** The largest difference, relative to the largest weight: f32 has them to 6e-8 of that. */
function distance(found: readonly number[], expected: readonly number[]): number {
  expect(found).toHaveLength(expected.length);
  const size = Math.max(...expected.map(Math.abs));
  return Math.max(...found.map((value, i) => Math.abs(value - (expected[i] as number)))) / size;
}

describe("ten steps stay within 1e-6 of PyTorch's, in f64:", () => {
  it.each(torch.cases.map((one) => [shown(one.name, one.options), one] as const))("%s", async (_, one) => {
    const model = await single(make(one.name, one.options));
    for (const [t, weights] of one.weights.entries()) {
      await step(model, t);
      expect(distance(weightsOf(model, "first"), weights), `step ${t + 1}`).toBeLessThan(1e-6);
    }
  });
});

/** The definitions in f64 over the same steps, the gradient clipped to a norm. */
function defined(name: string, options: object, clipNorm = 0): number[][] {
  let w = torch.start.first;
  const weights = w.map(() => define(name, options));
  return torch.x.map((x, t) => {
    const error = w.reduce((sum, one, i) => sum + one * (x[i] as number), 0) - (torch.y[t] as number);
    const gradient = x.map((one) => error * one);
    const factor = clipFactor(gradientNorm(gradient), clipNorm);
    w = w.map((one, i) => weights[i]?.(one, factor * (gradient[i] as number), t + 1) as number);
    return w;
  });
}

describe("the definitions in f64 are PyTorch's, to the digits that were written down:", () => {
  it.each(torch.cases.map((one) => [shown(one.name, one.options), one] as const))("%s", (_, one) => {
    for (const [t, weights] of defined(one.name, one.options).entries()) {
      expect(distance(weights, one.weights[t] as number[])).toBeLessThan(1e-8);
    }
  });
});

describe("ten steps with clipped gradients stay within 1e-6 of the definition:", () => {
  it.each(torch.cases.map((one) => [shown(one.name, one.options), one] as const))("%s", async (_, one) => {
    const clipNorm = 0.25;
    const model = await single(make(one.name, one.options), { clipNorm });
    for (const [t, weights] of defined(one.name, one.options, clipNorm).entries()) {
      await step(model, t);
      expect(distance(weightsOf(model, "first"), weights), `step ${t + 1}`).toBeLessThan(1e-6);
    }
  });
});

describe("sixty steps from zero stay within 1e-6 of the definition", () => {
  // ρ goes by 1 − β₂, of which a float of β₂ = 0.9999 leaves 2e-4 too much or too little.
  it.each([0.99, 0.999, 0.9999])("of radam with a beta2 of %d", async (beta2) => {
    const model = await single(radam({ learningRate: 0.1, beta2 }));
    const zeros = torch.x[0]!.map(() => 0);
    model.setWeights({ "first/kernel": zeros });
    const next = zeros.map(() => define("radam", { learningRate: 0.1, beta2 }));
    let w = zeros;
    for (let t = 0; t < 60; t++) {
      const [x, y] = [torch.x[t % 10]!, torch.y[t % 10]!];
      const error = w.reduce((sum, one, i) => sum + one * x[i]!, 0) - y;
      w = w.map((one, i) => next[i]!(one, error * x[i]!, t + 1));
      await step(model, t % 10);
    }
    expect(distance(weightsOf(model, "first"), w)).toBeLessThan(1e-6);
  });
});

describe("no step is larger than the bound by which it is checked:", () => {
  /** Gradients that an optimizer is least prepared for: alone after a calm, growing, or of turning sign. */
  const sequences: readonly ((t: number) => number)[] = [
    () => 1,
    (t) => (t % 50 === 0 ? 1e3 : 0),
    (t) => (t < 60 ? 1e-3 : 1e3 * 0.9 ** (t - 60)),
    (t) => 1e-6 * 1.2 ** t,
    (t) => 1e3 * 0.5 ** t,
    (t) => Math.sin(t * t) * 10 ** Math.sin(t),
  ];
  const extremes: readonly (readonly [Name, object])[] = [
    ["adam", { beta1: 0.99, beta2: 0.5 }],
    ["adam", { beta1: 0, beta2: 0 }],
    ["nadam", { beta1: 0.8, beta2: 0.7 }],
    ["radam", { beta1: 0.9, beta2: 0.5, epsilon: 1e-3 }],
    ["adamax", { beta1: 0.9, beta2: 0.5 }],
    ["rmsprop", { rho: 0 }],
    ["lion", { weightDecay: 3 }],
  ];
  const all = [...torch.cases.map(({ name, options }) => [name, options] as const), ...extremes];
  it.each(all.map(([name, options]) => [shown(name, options), name, options] as const))(
    "%s",
    (_, name, options) => {
      const { bound, learningRate, weightDecay } = make(name, options);
      const { amplification, constant, decay } = bound(weightDecay);
      for (const sequence of sequences) {
        const next = define(name, options);
        let [w, largest, heaviest] = [0.5, 0, 0];
        for (let t = 1; t <= 200; t++) {
          const gradient = sequence(t);
          largest = Math.max(largest, Math.abs(gradient));
          heaviest = Math.max(heaviest, Math.abs(w));
          const before = w;
          w = next(w, gradient, t);
          const most = (learningRate as number) * (amplification * largest + constant + decay * heaviest);
          expect(Math.abs(w - before), `step ${t}`).toBeLessThanOrEqual(most * (1 + 1e-9));
        }
      }
    },
  );
});

describe("groups are PyTorch's parameter groups:", () => {
  it.each(torch.grouped.map((one) => [shown(one.name, one.options), one] as const))("%s", async (_, one) => {
    const model = await pair(make(one.name, { ...one.options, groups: torch.groups }));
    for (let t = 0; t < torch.x.length; t++) await step(model, t);
    expect(distance(weightsOf(model, "first"), one.weights[0] as number[])).toBeLessThan(1e-6);
    expect(distance(weightsOf(model, "second"), one.weights[1] as number[])).toBeLessThan(1e-6);
  });
});

/** Each optimizer in every form that has slots of its own. */
const FORMS: readonly (readonly [Name, object])[] = [
  ["sgd", {}],
  ["sgd", { momentum: 0.9, nesterov: true, weightDecay: 0.01 }],
  ["adagrad", { learningRateDecay: 0.1, initialAccumulatorValue: 0.1 }],
  ["rmsprop", {}],
  ["rmsprop", { momentum: 0.9 }],
  ["rmsprop", { centered: true }],
  ["rmsprop", { centered: true, momentum: 0.9, weightDecay: 0.01 }],
  ["adadelta", {}],
  ["adam", {}],
  ["adam", { amsgrad: true, weightDecay: 0.01 }],
  ["adamW", { amsgrad: true }],
  ["adamax", {}],
  ["nadam", { decoupled: true, weightDecay: 0.01 }],
  ["radam", {}],
  ["lion", { weightDecay: 0.01 }],
];

const data = { x: rowsOf(24, 5), y: rowsOf(24, 2, 3) };
const small = (optimizer: Optimizer | OptimizerName) =>
  compile(sequential(input(5), dense(7, { activation: "tanh", name: "hidden" }), dense(2, { name: "out" })), {
    loss: "meanSquaredError",
    optimizer,
    seed: 4,
  });

describe.each(FORMS.map(([name, options]) => [shown(name, options), name, options] as const))(
  "%s",
  (_, name, options) => {
    it("lowers the loss", async () => {
      const model = await small(
        make(name, { ...options, ...(name === "lion" ? { learningRate: 0.01 } : {}) }),
      );
      const reports = await model.fit(data, { epochs: 40, batchSize: 8 });
      expect(reports.at(-1)?.loss).toBeLessThan((reports[0]?.loss as number) * 0.98);
    });

    it("goes on from a snapshot in its midst to the same bits", async () => {
      const fit = { epochs: 4, batchSize: 8, resume: false };
      const whole = await small(make(name, options));
      await whole.fit(data, fit);
      const first = await small(make(name, options));
      await first.fit(data, { ...fit, maxSteps: 7 });
      const second = await small(make(name, options));
      second.restore(first.snapshot());
      await second.fit(data, { ...fit, resume: true });
      expect(weightBits(second)).toEqual(weightBits(whole));
    });

    it("counts the steps of what was unfrozen from there on, with slots that start anew", async () => {
      const model = await pair(make(name, options));
      model.freeze("first");
      for (let t = 0; t < 4; t++) await step(model, t);
      const before = weightsOf(model, "second");
      model.unfreeze("first");
      model.freeze("second");
      for (let t = 4; t < 10; t++) await step(model, t);
      expect(weightsOf(model, "second")).toEqual(before);

      const fresh = await pair(make(name, options));
      fresh.setWeights({ "second/kernel": before });
      fresh.freeze("second");
      for (let t = 4; t < 10; t++) await step(fresh, t);
      expect(weightsOf(model, "first")).toEqual(weightsOf(fresh, "first"));
    });

    it("moves nothing in a group of scale 0, and all else as ever", async () => {
      const groups = { first: { learningRateScale: 0 } };
      const model = await pair(make(name, { ...options, groups }));
      for (let t = 0; t < 10; t++) await step(model, t);
      expect(weightsOf(model, "first")).toEqual(torch.start.first);
      const frozen = await pair(make(name, options));
      frozen.freeze("first");
      for (let t = 0; t < 10; t++) await step(frozen, t);
      expect(weightsOf(model, "second")).toEqual(weightsOf(frozen, "second"));
    });
  },
);

describe("an optimizer by its name", () => {
  it.each(Object.keys(OPTIMIZERS) as Name[])("%s is the one with its defaults", async (name) => {
    const [named, made] = [await small(name), await small(make(name))];
    await named.fit(data, { epochs: 2, batchSize: 8 });
    await made.fit(data, { epochs: 2, batchSize: 8 });
    expect(weightBits(named)).toEqual(weightBits(made));
  });

  it("gets a suggestion where it is misspelled", async () => {
    await expect(small("rmsProp" as OptimizerName)).rejects.toThrow('Did you mean "rmsprop"?');
    await expect(small("adamw" as OptimizerName)).rejects.toThrow('Did you mean "adamW"?');
  });
});

describe("options outside their domain", () => {
  it.each<[string, () => Optimizer, string]>([
    ["beta1", () => adam({ beta1: 1 }), "adam: beta1 is 1; needs a number in [0, 1)."],
    ["beta2", () => adamW({ beta2: -0.1 }), "adamW: beta2 is -0.1; needs a number in [0, 1)."],
    ["a beta that f32 has as 1", () => nadam({ beta2: 0.99999999 }), "in f32 1; needs a number in [0, 1)."],
    ["epsilon", () => radam({ epsilon: 0 }), "radam: epsilon is 0; needs a positive number."],
    ["epsilon", () => adagrad({ epsilon: -1 }), "adagrad: epsilon is -1; needs a positive number."],
    ["momentumDecay", () => nadam({ momentumDecay: -1 }), "needs a number of at least 0."],
    ["rho", () => rmsprop({ rho: 1.5 }), "rmsprop: rho is 1.5; needs a number in [0, 1)."],
    ["rho", () => adadelta({ rho: Number.NaN }), "adadelta: rho is NaN; needs a number in [0, 1)."],
    ["momentum", () => rmsprop({ momentum: 1 }), "rmsprop: momentum is 1; needs a number in [0, 1)."],
    ["centered", () => rmsprop({ centered: 1 as never }), "rmsprop: centered is 1; needs true or false."],
    ["amsgrad", () => adam({ amsgrad: "yes" as never }), 'adam: amsgrad is "yes"; needs true or false.'],
    ["learningRateDecay", () => adagrad({ learningRateDecay: -1 }), "needs a number of at least 0."],
    [
      "initialAccumulatorValue",
      () => adagrad({ initialAccumulatorValue: -1 }),
      "needs a number of at least 0.",
    ],
    ["learningRate", () => lion({ learningRate: 0 }), "lion: learningRate is 0; needs a positive number"],
    [
      "weightDecay",
      () => adamax({ weightDecay: -1 }),
      "adamax: weightDecay is -1; needs a number of at least 0.",
    ],
    [
      "decoupled of adamW",
      () => adamW({ decoupled: true } as never),
      'adamW: there is no option "decoupled"',
    ],
    ["alpha", () => rmsprop({ alpha: 0.9 } as never), 'rmsprop: there is no option "alpha"'],
    ["beta_1", () => lion({ beta_1: 0.9 } as never), 'Did you mean "beta1"?'],
    [
      "an option of a group",
      () => adamW({ groups: { out: { learningRate: 1 } as never } }),
      'adamW: group "out": there is no option "learningRate". Did you mean "learningRateScale"?',
    ],
    [
      "null for groups",
      () => sgd({ groups: null as never }),
      "sgd: groups: options are null; needs an object.",
    ],
  ])("%s is refused with the domain", (_, build, message) => {
    expect(build).toThrow(OptionError);
    expect(build).toThrow(message);
  });
});
