/** Constraints hold after every step, by Keras' formulas in f64, whatever the optimizer is. */
import { describe, expect, it } from "vitest";
import {
  adam,
  type ConstraintOption,
  compile,
  customLayer,
  dense,
  exponentialMovingAverage,
  input,
  lbfgs,
  lookahead,
  maxNorm,
  minMaxNorm,
  nonNegative,
  type Optimizer,
  OptionError,
  sequential,
  sgd,
  unitNorm,
} from "../../../src/index.js";
import { add, multiply, sum } from "../../../src/ops/index.js";
import { rowsOf, weightBits } from "../../given/models.js";

const ROWS = 9;
const IN = 5;
const UNITS = 7;
const data = { x: rowsOf(ROWS, IN), y: rowsOf(ROWS, UNITS, 2) };

const modelOf = (constraint: ConstraintOption | undefined, optimizer: Optimizer | "sgd") =>
  compile(
    sequential(
      input(IN),
      dense(UNITS, {
        name: "unit",
        ...(constraint === undefined ? {} : { kernelConstraint: constraint, biasConstraint: constraint }),
      }),
    ),
    { loss: "sumOfSquares", optimizer, seed: 7 },
  );

const step = (model: Awaited<ReturnType<typeof modelOf>>, options: object = {}) =>
  model.fit(data, { batchSize: ROWS, shuffle: false, ...options });

const columnsOf = (weights: ArrayLike<number>, units: number) =>
  Array.from({ length: units }, (_, unit) => Array.from(weights).filter((_, i) => i % units === unit));

const norm = (column: readonly number[]) => Math.hypot(...column);
const scaledTo = (wanted: (length: number) => number) => (column: readonly number[]) =>
  norm(column) === 0 ? [...column] : column.map((w) => (w * wanted(norm(column))) / norm(column));

/** keras.constraints, without the 1e−7 that Keras adds to norms. */
const inF64: Record<
  string,
  { readonly option: ConstraintOption; apply(column: readonly number[]): number[] }
> = {
  "maxNorm(0.5)": { option: maxNorm(0.5), apply: scaledTo((length) => Math.min(length, 0.5)) },
  maxNorm: { option: "maxNorm", apply: scaledTo((length) => Math.min(length, 2)) },
  nonNegative: { option: "nonNegative", apply: (column) => column.map((w) => Math.max(w, 0)) },
  "nonNegative()": { option: nonNegative(), apply: (column) => column.map((w) => Math.max(w, 0)) },
  unitNorm: { option: "unitNorm", apply: scaledTo(() => 1) },
  "unitNorm()": { option: unitNorm(), apply: scaledTo(() => 1) },
  minMaxNorm: { option: "minMaxNorm", apply: scaledTo((length) => Math.min(length, 1)) },
  "minMaxNorm({ min, max })": {
    option: minMaxNorm({ min: 0.75, max: 1.25 }),
    apply: scaledTo((length) => Math.max(0.75, Math.min(length, 1.25))),
  },
};

describe("a constraint", () => {
  it.each(Object.entries(inF64))(
    "%s does to the updated weights what its formula says",
    async (_, { option, apply }) => {
      const free = await modelOf(undefined, sgd({ learningRate: 0.1 }));
      const kept = await modelOf(option, sgd({ learningRate: 0.1 }));
      let changed = 0;
      kept.setWeights({ "unit/kernel": rowsOf(IN, UNITS, 9).map((row) => row.map((w) => 3 * w)) });
      for (let i = 0; i < 4; i++) {
        free.setWeights(kept.weights());
        await step(free);
        await step(kept);
        const [before, after] = [free.weights(), kept.weights()];
        // A column is a unit's weights; the bias, a vector, is one column.
        for (const [name, units] of [
          ["unit/kernel", UNITS],
          ["unit/bias", 1],
        ] as const) {
          const found = columnsOf(after[name]?.data ?? [], units);
          columnsOf(before[name]?.data ?? [], units).forEach((column, unit) => {
            apply(column).forEach((expected, j) => {
              const w = found[unit]?.[j] as number;
              expect(Math.abs(w - expected)).toBeLessThan(6e-7);
              if (w !== column[j]) changed++;
            });
          });
        }
      }
      expect(changed).toBeGreaterThan(0);
    },
  );

  const optimizers: [string, Optimizer][] = [
    ["adam", adam({ learningRate: 0.2 })],
    ["sgd with momentum", sgd({ learningRate: 0.05, momentum: 0.9 })],
    ["groups", sgd({ learningRate: 0.2, groups: { "*/bias": { learningRateScale: 2 } } })],
    ["lookahead", lookahead(adam({ learningRate: 0.2 }), { period: 2 })],
    ["an average", exponentialMovingAverage(adam({ learningRate: 0.2 }))],
    ["lbfgs", lbfgs({ learningRate: 0.5 })],
  ];

  it.each(optimizers)("holds after every step of %s, in micro-batches too", async (_, optimizer) => {
    for (const options of [{}, { accumulate: 4 }]) {
      const [sphere, cone] = [await modelOf(unitNorm(), optimizer), await modelOf("nonNegative", optimizer)];
      for (let i = 0; i < 5; i++) {
        await step(sphere, options);
        await step(cone, options);
        for (const column of columnsOf(sphere.weights()["unit/kernel"]?.data ?? [], UNITS)) {
          expect(Math.abs(norm(column) - 1)).toBeLessThan(2e-7);
        }
        const weights = Object.values(cone.weights()).flatMap(({ data }) => [...data]);
        expect(Math.min(...weights)).toBe(0);
      }
    }
  });

  it("leaves a column of zeros as it is", async () => {
    const model = await modelOf(unitNorm(), "sgd");
    const kernel = rowsOf(IN, UNITS, 5).flatMap((row) => row.map((w, unit) => (unit === 3 ? 0 : w)));
    model.setWeights({ "unit/kernel": kernel });
    // Rows of zeros, of which the kernel has no gradient.
    await model.fit({ x: data.x.map((row) => row.map(() => 0)), y: data.y });
    columnsOf(model.weights()["unit/kernel"]?.data ?? [], UNITS).forEach((column, unit) => {
      expect(norm(column)).toBeCloseTo(unit === 3 ? 0 : 1, 6);
    });
  });

  it("does not touch first values, weights that are set, or those that are frozen", async () => {
    const model = await modelOf("nonNegative", sgd({ learningRate: 0.1 }));
    const free = await modelOf(undefined, sgd({ learningRate: 0.1 }));
    expect(weightBits(model)).toEqual(weightBits(free));
    expect(Math.min(...(model.weights()["unit/kernel"]?.data ?? []))).toBeLessThan(0);
    model.freeze("unit/kernel");
    await step(model);
    expect(weightBits(model)["unit/kernel"]).toEqual(weightBits(free)["unit/kernel"]);
  });

  it("is given to parameters of custom layers, whose units are their last axis", async () => {
    const scaling = customLayer({
      kind: "scaling",
      parameters: () => ({
        grid: { shape: [2, 3, IN], initializer: 2, constraint: maxNorm(1) },
        shift: { shape: [IN], initializer: -1, constraint: "nonNegative" },
      }),
      build: ([x], { grid, shift }, { addLoss }) => {
        addLoss(multiply(sum(grid), 1e-3));
        return add(x, shift);
      },
    });
    const model = await compile(sequential(input(IN), scaling, dense(2)), { loss: "sumOfSquares" });
    await model.fit({ x: data.x, y: rowsOf(ROWS, 2) });
    for (const column of columnsOf(model.weights()["scaling/grid"]?.data ?? [], IN)) {
      expect(column).toHaveLength(6);
      expect(norm(column)).toBeCloseTo(1, 6);
    }
    expect(Math.min(...(model.weights()["scaling/shift"]?.data ?? [-1]))).toBe(0);
  });
});

describe("constraints refuse", () => {
  it.each<[() => unknown, string]>([
    [() => maxNorm(0), "maxNorm: limit is 0; needs a positive number."],
    [() => maxNorm(Number.POSITIVE_INFINITY), "maxNorm: limit is Infinity; needs a positive number."],
    [() => minMaxNorm({ min: -1 }), "minMaxNorm: min is -1; needs a number of at least 0."],
    [
      () => minMaxNorm({ min: 2 }),
      "minMaxNorm: max is 1; needs a positive number of at least min, which is 2.",
    ],
    [() => minMaxNorm({ max: 0 }), "minMaxNorm: max is 0; needs a positive number"],
    [() => minMaxNorm({ rate: 1 } as object), 'minMaxNorm: there is no option "rate"'],
    [
      () => dense(2, { kernelConstraint: "nonNegativ" as "nonNegative" }),
      'dense: kernelConstraint: there is no constraint "nonNegativ". Did you mean "nonNegative"?',
    ],
    [
      () => dense(2, { biasConstraint: maxNorm as never }),
      "dense: biasConstraint: there is no constraint a function. Call it, with or without options.",
    ],
    [
      () => dense(2, { kernelConstraint: {} as never }),
      "dense: kernelConstraint: there is no constraint an object",
    ],
  ])("%s", (call, message) => {
    expect(call).toThrow(OptionError);
    expect(call).toThrow(message);
  });

  it("a name of a custom layer's that there is not, when it is called", () => {
    const layer = customLayer({
      kind: "own",
      parameters: () => ({ w: { shape: [1], constraint: "unit" as "unitNorm" } }),
      build: ([x]) => x,
    });
    expect(() => layer(input(2))).toThrow('own: parameter "w": constraint: there is no constraint "unit"');
  });
});
