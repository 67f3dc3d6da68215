/** gamma and beta: where they start, what they cost, what they are kept to, and how decay finds them. */
import { describe, expect, it } from "vitest";
import {
  batchNorm,
  compile,
  constant,
  dense,
  groupNorm,
  input,
  instanceNorm,
  type Layer,
  l2,
  layerNorm,
  type Model,
  rmsNorm,
  sequential,
  sgd,
} from "../../../src/index.ts";
import { rowsOf } from "../../given/models.ts";

const data = { x: rowsOf(16, 4, 2), y: rowsOf(16, 2, 3) };
const settings = { loss: "meanSquaredError", seed: 1 } as const;
const trained = (norm: Layer, optimizer = sgd({ learningRate: 0.1 })) =>
  compile(sequential(input(4), norm, dense(2, { name: "out" })), { ...settings, optimizer });
const gammaOf = (model: Model) => [...model.weights()["norm/gamma"]!.data];

describe("gamma and beta", () => {
  it.each([
    ["batchNorm", batchNorm],
    ["layerNorm", layerNorm],
    ["groupNorm", (options: object) => groupNorm({ groups: 2, ...options })],
  ] as const)("of %s start where they are told to, or are left out", async (_, make) => {
    const both = { gammaInitializer: constant(2), betaInitializer: constant(-0.5) };
    const started = (await trained(make({ name: "norm", ...both }))).weights();
    expect([...started["norm/gamma"]!.data]).toEqual([2, 2, 2, 2]);
    expect([...started["norm/beta"]!.data]).toEqual([-0.5, -0.5, -0.5, -0.5]);
    const plain = await trained(make({ name: "norm" }));
    expect([gammaOf(plain), [...plain.weights()["norm/beta"]!.data]]).toEqual([
      [1, 1, 1, 1],
      [0, 0, 0, 0],
    ]);
    const onlyBeta = (await trained(make({ name: "norm", scale: false }))).weights();
    expect(Object.keys(onlyBeta)).toContain("norm/beta");
    expect(Object.keys(onlyBeta)).not.toContain("norm/gamma");
  });

  it("have one number for each place along the axes of layerNorm, of which rmsNorm has no beta", async () => {
    const shapes = async (layer: Layer) => {
      const model = await compile(sequential(input([3, 5, 2]), layer));
      return Object.values(model.weights()).map(({ shape }) => shape);
    };
    expect(await shapes(layerNorm())).toEqual([[2], [2]]);
    expect(await shapes(layerNorm({ axis: [1, 3] }))).toEqual([
      [3, 2],
      [3, 2],
    ]);
    expect(await shapes(layerNorm({ axis: [-1, -2] }))).toEqual([
      [5, 2],
      [5, 2],
    ]);
    expect(await shapes(rmsNorm({ axis: 2 }))).toEqual([[5]]);
    expect(await shapes(instanceNorm())).toEqual([]);
    expect(await shapes(instanceNorm({ scale: true }))).toEqual([[2]]);
  });

  it("are applied along axes in the midst of others", async () => {
    const model = await compile(sequential(input([2, 3, 2]), layerNorm({ axis: 2, name: "norm" })));
    const [gamma, beta] = [
      [1, 2, 3],
      [10, 20, 30],
    ];
    model.setWeights({ "norm/gamma": gamma, "norm/beta": beta });
    const x = rowsOf(1, 12, 8)[0]!;
    const found = await model.predict(Float32Array.from(x));
    for (const [first, last] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ] as const) {
      const at = [0, 1, 2].map((middle) => first * 6 + middle * 2 + last);
      const mean = at.reduce((sum, i) => sum + x[i]!, 0) / 3;
      const variance = at.reduce((sum, i) => sum + (x[i]! - mean) ** 2, 0) / 3;
      at.forEach((i, middle) => {
        const y = (gamma[middle]! * (x[i]! - mean)) / Math.sqrt(variance + 1e-5) + beta[middle]!;
        expect(Math.abs(found[i]! - y)).toBeLessThan(1e-5);
      });
    }
  });

  it("cost what their regularizers say, in training and without", async () => {
    const model = await trained(
      batchNorm({ name: "norm", gammaRegularizer: l2(0.5), betaRegularizer: "l1", betaInitializer: "ones" }),
    );
    model.setWeights({ "norm/gamma": [1, 2, 3, 4] });
    const plain = await trained(batchNorm({ name: "norm", betaInitializer: "ones" }));
    plain.setWeights({ "norm/gamma": [1, 2, 3, 4] });
    const { loss } = await model.evaluate(data);
    // 0.5 · (1 + 4 + 9 + 16), and 0.01 · 4 of l1's default.
    expect(loss - (await plain.evaluate(data)).loss).toBeCloseTo(15.04, 4);
  });

  it("are kept to their constraints", async () => {
    const model = await trained(
      layerNorm({ name: "norm", gammaConstraint: "nonNegative", gammaInitializer: constant(0.01) }),
      sgd({ learningRate: 1 }),
    );
    const free = await trained(
      layerNorm({ name: "norm", gammaInitializer: constant(0.01) }),
      sgd({ learningRate: 1 }),
    );
    for (const one of [model, free]) await one.fit(data, { batchSize: 16 });
    expect(Math.min(...gammaOf(free))).toBeLessThan(0);
    expect(gammaOf(model)).toEqual(gammaOf(free).map((one) => Math.max(one, 0)));
  });

  it("decay as other weights do, unless a group leaves them out; running averages never do", async () => {
    // Nothing behind them depends on them: the gradient is 0, and decay is all that moves them.
    const silent = async (groups: object) => {
      const model = await trained(
        batchNorm({ name: "norm", betaInitializer: "ones", momentum: 0 }),
        sgd({ learningRate: 0.1, weightDecay: 0.5, ...groups }),
      );
      model.setWeights({ "out/kernel": new Float32Array(8) });
      await model.fit(data, { batchSize: 16 });
      return model.weights();
    };
    const decayed = await silent({});
    for (const name of ["gamma", "beta"]) {
      decayed[`norm/${name}`]!.data.forEach((value) => expect(value).toBeCloseTo(0.95, 6));
    }
    const apart = await silent({ groups: { "norm/*": { weightDecay: 0 } } });
    for (const name of ["gamma", "beta"]) expect([...apart[`norm/${name}`]!.data]).toEqual([1, 1, 1, 1]);
    expect(decayed["norm/movingVariance"]!.data).toEqual(apart["norm/movingVariance"]!.data);
  });

  it.each([
    [{ gammaRegularizer: "l3" }, 'batchNorm: gammaRegularizer: there is no regularizer "l3"'],
    [{ betaConstraint: "nonnegative" }, 'Did you mean "nonNegative"?'],
    [{ betaInitialiser: "ones" }, 'Did you mean "betaInitializer"?'],
  ])("refuse %o", (options, message) => {
    expect(() => batchNorm(options as never)).toThrow(message);
  });
});
