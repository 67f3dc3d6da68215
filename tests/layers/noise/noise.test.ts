/** Layers of noise: what they draw, when, and that nothing but seed, step and place decides it. */
import { describe, expect, it } from "vitest";
import { mean as meanOf } from "../../../src/graph/primitives/reduce/sum.ts";
import { source } from "../../../src/graph/primitives/step/source.ts";
import {
  alphaDropout,
  compile,
  customLoss,
  dense,
  dropout,
  flatten,
  gaussianDropout,
  gaussianNoise,
  input,
  type Layer,
  OptionError,
  ShapeError,
  sequential,
  sgd,
  spatialDropout,
} from "../../../src/index.ts";
import { GraphProgram, sameBits } from "../../cases/run.ts";
import { rowsOf, weightBits } from "../../given/models.ts";

const COUNT = 500;
const FEATURES = 80;
const N = COUNT * FEATURES;

interface Drawn {
  readonly shape?: readonly number[];
  readonly training?: boolean;
  readonly seed?: number;
  readonly step?: number;
}

/** What a layer makes of rows of x, as a step of training does unless it is told otherwise. */
function drawn(layer: Layer, x: Float32Array, { shape = [FEATURES], training = true, ...keys }: Drawn = {}) {
  const rows = x.length / shape.reduce((product, size) => product * size, 1);
  const net = sequential(input(shape), layer);
  const { outputs } = net.build([source({ slot: 0, row: shape, scale: 1, offset: 0 })], training);
  const program = new GraphProgram(outputs, { maxRows: rows });
  return program.run({ rows, sources: [x], seed: 9, step: 3, ...keys })[0]!.slice();
}

const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: ArrayLike<number>) => {
  const center = mean(values);
  return mean(Array.from(values, (value) => (value - center) ** 2));
};

/** Chances of one in some millions are five standard errors away. */
const within = (variance: number, n = N) => 5 * Math.sqrt(variance / n);

/** Numbers of mean 0 and variance 1 to the last place: half are 1, half −1. */
const standard = Float32Array.from({ length: N }, (_, i) => (i % 2 === 0 ? 1 : -1));
const ones = new Float32Array(N).fill(1);

const layers: Readonly<Record<string, (strength: number) => Layer>> = {
  alphaDropout,
  dropout,
  gaussianDropout,
  gaussianNoise,
};

describe.each(Object.entries(layers))("%s", (_, make) => {
  it("does nothing but while training, and nothing there at strength 0", () => {
    expect(drawn(make(0.5), standard, { training: false })).toEqual(standard);
    expect(drawn(make(0), standard)).toEqual(standard);
    expect(drawn(make(0.5), standard)).not.toEqual(standard);
  });

  it("draws the same again, and other numbers at another seed or step", () => {
    const first = drawn(make(0.5), ones);
    expect(sameBits(drawn(make(0.5), ones), first)).toBe(true);
    expect(sameBits(drawn(make(0.5), ones, { seed: 10 }), first)).toBe(false);
    expect(sameBits(drawn(make(0.5), ones, { step: 4 }), first)).toBe(false);
  });

  it.each([0.1, 0.5, 0.8])("keeps the mean at strength %f", (strength) => {
    const spread = make === gaussianNoise ? strength ** 2 : 2 + strength / (1 - strength);
    expect(Math.abs(mean(drawn(make(strength), standard)))).toBeLessThan(within(spread));
    const isCentered = make === alphaDropout;
    if (!isCentered) expect(Math.abs(mean(drawn(make(strength), ones)) - 1)).toBeLessThan(within(spread));
  });
});

/** Of one layer on its way to a loss that is linear in it: the gradient tells what it drew. */
describe("the numbers of a step", () => {
  const x = rowsOf(24, 8, 4);
  const y = rowsOf(24, 1, 5);
  const train = async (layer: () => Layer, options: object) => {
    const model = await compile(sequential(input(8), layer(), dense(1)), {
      loss: customLoss((prediction) => meanOf(prediction, { axes: [1] })),
      optimizer: sgd({ learningRate: 1 }),
      seed: 11,
    });
    await model.fit({ x, y }, { batchSize: 12, epochs: 2, ...options });
    return model;
  };
  const someLayers: [string, () => Layer][] = Object.entries(layers).map(([name, make]) => [
    name,
    () => make(0.4),
  ]);

  it.each(someLayers)(
    "of %s are those of its micro-batches, where rows are whole blocks of four",
    async (_, layer) => {
      const [whole, parts] = [await train(layer, {}), await train(layer, { accumulate: 3 })];
      const [a, b] = [whole, parts].map((model) => model.weights()["dense/kernel"]!.data);
      a!.forEach((value, i) => expect(Math.abs(value - b![i]!)).toBeLessThan(1e-6));
      const other = await train(() => dropout(0.6), {});
      expect(weightBits(other)).not.toEqual(weightBits(whole));
    },
  );

  it.each(someLayers)("of %s do not depend on how data passes through memory", async (_, layer) => {
    const [whole, parts] = [await train(layer, {}), await train(layer, { dataMemory: 500 })];
    expect(weightBits(parts)).toEqual(weightBits(whole));
  });
});

describe("alphaDropout", () => {
  it.each([0.05, 0.2, 0.5, 0.9])("keeps mean 0 and variance 1 at rate %f", (rate) => {
    const y = drawn(alphaDropout(rate), standard);
    expect(Math.abs(mean(y))).toBeLessThan(within(1));
    // The fourth moment bounds the error of the variance.
    const fourth = mean(y.map((value) => value ** 4));
    expect(Math.abs(variance(y) - 1)).toBeLessThan(within(fourth));
  });

  it("takes what it drops to one number and the rest to a · x + b, by the formula of Klambauer et al.", () => {
    const rate = 0.25;
    const lowest = -1.0507009873554805 * 1.6732632423543772;
    const q = 1 - rate;
    const a = (q + lowest ** 2 * q * (1 - q)) ** -0.5;
    const b = -a * (1 - q) * lowest;
    const x = Float32Array.from({ length: N }, (_, i) => (i % 17) / 4 - 2);
    const y = drawn(alphaDropout(rate), x);
    const dropped = a * lowest + b;
    const isNear = (value: number, expected: number) => Math.abs(value - expected) < 2e-6;
    let count = 0;
    y.forEach((value, i) => {
      if (isNear(value, dropped)) count++;
      else expect(isNear(value, a * x[i]! + b), `${value} at ${x[i]}`).toBe(true);
    });
    expect(Math.abs(count / N - rate)).toBeLessThan(within(rate * q));
  });
});

describe("spatialDropout", () => {
  const shape = [5, 4, 6];
  const size = 5 * 4 * 6;
  const x = Float32Array.from({ length: 400 * size }, (_, i) => (i % 13) + 1);

  it("drops whole channels of a row, each by itself, and scales the others", () => {
    const rate = 0.3;
    const y = drawn(spatialDropout(rate), x, { shape });
    const scale = Math.fround(1 / (1 - Math.fround(rate)));
    let dropped = 0;
    for (let row = 0; row < 400; row++) {
      for (let channel = 0; channel < 6; channel++) {
        const at = Array.from({ length: 20 }, (_, position) => row * size + position * 6 + channel);
        const isDropped = y[at[0]!] === 0;
        if (isDropped) dropped++;
        for (const i of at) expect(y[i]).toBe(isDropped ? 0 : Math.fround(x[i]! * scale));
      }
    }
    expect(Math.abs(dropped / 2400 - rate)).toBeLessThan(within(rate * (1 - rate), 2400));
  });

  it("takes any number of positions' axes, and does nothing but while training", () => {
    const flat = drawn(spatialDropout(0.5), x, { shape: [20, 6] });
    expect(sameBits(drawn(spatialDropout(0.5), x, { shape }), flat)).toBe(true);
    expect(drawn(spatialDropout(0.5), x, { shape, training: false })).toEqual(x);
    expect(drawn(spatialDropout(0), x, { shape })).toEqual(x);
  });

  it("draws in micro-batches what the whole step would, where the channels are a multiple of four", async () => {
    const images = Array.from({ length: 12 }, (_, i) => rowsOf(3, 4, i + 1));
    const kernels: Float32Array[] = [];
    for (const accumulate of [1, 3]) {
      const model = await compile(sequential(input([3, 4]), spatialDropout(0.4), flatten(), dense(1)), {
        loss: "meanSquaredError",
        optimizer: sgd({ learningRate: 0.5 }),
      });
      await model.fit({ x: images, y: rowsOf(12, 1) }, { batchSize: 12, accumulate });
      kernels.push(model.weights()["dense/kernel"]!.data);
    }
    kernels[0]!.forEach((value, i) => expect(Math.abs(value - kernels[1]![i]!)).toBeLessThan(1e-6));
  });

  it("refuses an input without positions", () => {
    const make = () => spatialDropout(0.5, { name: "drop" })(input(6));
    expect(make).toThrow(ShapeError);
    expect(make).toThrow('spatialDropout "drop": input is [rows, 6]; needs [rows, …positions, channels]');
  });
});

describe("gaussianNoise", () => {
  it("has the variance of its deviation, whatever x is", () => {
    const y = drawn(gaussianNoise(0.3), standard);
    const noise = y.map((value, i) => value - standard[i]!);
    expect(Math.abs(variance(noise) - 0.09)).toBeLessThan(within(2 * 0.09 ** 2));
  });
});

describe("gaussianDropout", () => {
  it.each([0.2, 0.5])("multiplies by noise of the variance of dropout at rate %f", (rate) => {
    const expected = rate / (1 - rate);
    const twos = new Float32Array(N).fill(2);
    const factors = drawn(gaussianDropout(rate), twos).map((value) => value / 2);
    expect(Math.abs(variance(factors) - expected)).toBeLessThan(within(2 * expected ** 2));
    expect(drawn(gaussianDropout(rate), new Float32Array(N)).every((value) => value === 0)).toBe(true);
  });
});

describe("a strength outside its domain", () => {
  it.each([
    [() => alphaDropout(1), "alphaDropout: rate is 1; needs a number in [0, 1)"],
    [() => spatialDropout(-0.1), "spatialDropout: rate is -0.1; needs a number in [0, 1)"],
    [() => gaussianDropout(Number.NaN), "gaussianDropout: rate is NaN; needs a number in [0, 1)"],
    [() => gaussianNoise(-1), "gaussianNoise: deviation is -1; needs a number of at least 0"],
    [() => gaussianNoise(0.1, { nam: "n" } as never), 'there is no option "nam". Did you mean "name"?'],
  ])("is refused, %#", (make, message) => {
    expect(make).toThrow(OptionError);
    expect(make).toThrow(message);
  });
});
