/** A variational autoencoder: a layer that draws, a divergence that it adds, a likelihood for a loss. */
import { describe, expect, it } from "vitest";
import { gradientCheck } from "../../src/autodiff/index.js";
import {
  adam,
  compile,
  customLayer,
  dense,
  input,
  type LossFunction,
  network,
  sequential,
} from "../../src/index.js";
import { Purpose, randomStream } from "../../src/numeric/random.js";
import * as ops from "../../src/ops/index.js";
import { principalError } from "./principal.js";

const SIDE = 8;
const PIXELS = SIDE * SIDE;
/** Standard deviation of a pixel around what is decoded. */
const SIGMA = 0.1;

/** Images of one round spot, exp(−r² / 2 · 1.5²), anywhere in a square: two numbers say all, though not linearly. */
function spots(count: number, seed: number): number[][] {
  const stream = randomStream(seed, 0, 0, Purpose.Shuffle);
  return Array.from({ length: count }, (_, i) => {
    const place = (axis: number) => 1.5 + (4 * stream.uint32(2 * i + axis)) / 2 ** 32;
    const [cx, cy] = [place(0), place(1)];
    return Array.from({ length: PIXELS }, (_, pixel) => {
      const [x, y] = [pixel % SIDE, Math.floor(pixel / SIDE)];
      return Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / 4.5);
    });
  });
}

/**
 * z = mean + exp(½ logVariance) · noise of [mean, logVariance], and the mean alone outside of training; adds
 * ½ Σ (mean² + variance − logVariance − 1), its divergence from the prior (Kingma & Welling 2014, appendix B).
 */
const sample = customLayer({
  kind: "sample",
  shape: ([rows, columns]) => [rows as number, (columns as number) / 2],
  build: ([code], _, { training, addLoss }) => {
    const [mean, logVariance] = ops.split(code!, 2, { axis: 1 });
    const spread = ops.subtract(ops.add(ops.square(mean!), ops.exp(logVariance!)), ops.add(logVariance!, 1));
    addLoss(ops.multiply(ops.sum(spread, { axis: 1 }), 0.5));
    if (!training) return mean!;
    const noise = ops.randomNormal(mean!.shape);
    return ops.add(mean!, ops.multiply(ops.exp(ops.multiply(logVariance!, 0.5)), noise));
  },
});

/** Σ (x − decoded)² / 2σ² for each row: minus the logarithm of a normal likelihood, but for a constant. */
const likelihood: LossFunction = (decoded, x) =>
  ops.multiply(ops.sum(ops.square(ops.subtract(decoded, x)), { axis: 1 }), 1 / (2 * SIGMA ** 2));

function autoencoder(pixels = PIXELS, hidden = 48, latent = 2) {
  const decoder = network({
    ...sequential(input(latent), dense(hidden, "tanh"), dense(pixels, "sigmoid")).ends,
    name: "decoder",
  });
  const encoded = sequential(input(pixels), dense(hidden, "tanh"), dense(2 * latent));
  const start = input(pixels);
  return { net: network({ inputs: start, outputs: decoder(sample(encoded(start))) }), decoder };
}

const squares = (a: ArrayLike<number>, b: ArrayLike<number>, from = 0) => {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += ((a[from + i] as number) - (b[i] as number)) ** 2;
  return sum;
};

describe("a variational autoencoder", () => {
  it("reconstructs better than as many principal components, and decodes its prior to images like the data", async () => {
    const train = spots(1500, 1);
    const test = spots(300, 2);
    const { net, decoder } = autoencoder();
    const model = await compile(net, { loss: likelihood, optimizer: adam({ learningRate: 0.004 }), seed: 1 });
    const history = await model.fit({ x: train, y: train }, { epochs: 60, batchSize: 50 });
    const decoded = await model.predict(test);
    const error = test.reduce((sum, image, i) => sum + squares(decoded, image, i * PIXELS), 0) / test.length;
    const linear = principalError(train, test, 2);
    expect(error).toBeLessThan(linear / 10);
    expect(linear).toBeLessThan(principalError(train, test, 0));

    const { losses } = await model.evaluate({ x: test, y: test });
    expect(losses?.sample).toBeGreaterThan(1);
    expect(losses?.sample).toBeCloseTo(history.at(-1)?.losses?.sample as number, 0);

    const generator = await compile(decoder);
    const weights = Object.entries(model.weights()).filter(([name]) => name.startsWith("decoder/"));
    generator.setWeights(
      Object.fromEntries(weights.map(([name, weight]) => [name.replace("decoder/", ""), weight])),
    );
    const images = await generator.predict(gaussian(200, 2));
    const nearest = (image: ArrayLike<number>) => Math.min(...train.map((one) => squares(image, one)));
    const apart = Array.from({ length: 200 }, (_, i) => nearest(images.slice(i * PIXELS, (i + 1) * PIXELS)));
    apart.sort((a, b) => a - b);
    const mean = train[0]!.map(
      (_, pixel) => train.reduce((sum, image) => sum + (image[pixel] as number), 0) / 1500,
    );
    // Half of what is drawn is nearer to an image of the data than a tenth of what the mean image is.
    expect(apart[100]).toBeLessThan(nearest(mean) / 10);
  });

  it("has the gradients that differences in f64 give, through its draws and its divergence", async () => {
    const images = spots(6, 3).map((image) => image.slice(16, 28));
    const { net } = autoencoder(12, 5, 2);
    const check = await gradientCheck(net, { x: images, y: images }, { loss: likelihood, seed: 4 });
    expect(check.passed, String(check)).toBe(true);
  });
});

/** Numbers of the normal distribution, by Box and Muller. */
function gaussian(rows: number, columns: number): number[][] {
  const stream = randomStream(9, 0, 0, Purpose.Shuffle);
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => {
      const at = (k: number) => (stream.uint32(2 * (i * columns + j) + k) + 0.5) / 2 ** 32;
      return Math.sqrt(-2 * Math.log(at(0))) * Math.cos(2 * Math.PI * at(1));
    }),
  );
}
