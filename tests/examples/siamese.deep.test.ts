/** A siamese network: one encoder, called on two images, learns whether they show the same digit. */
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
import { digitImages } from "./digits.js";

const PIXELS = 14 * 14;
const MARGIN = 1;

interface Pairs {
  readonly left: number[][];
  readonly right: number[][];
  /** 1 where both show one digit. */
  readonly same: number[][];
}

/** Pairs of images, every second one of the same digit, drawn from `images` by digit. */
function pairsOf(images: readonly (readonly number[][])[], count: number, seed: number): Pairs {
  const stream = randomStream(seed, 0, 0, Purpose.Shuffle);
  let drawn = 0;
  const below = (n: number) => Math.floor((stream.uint32(drawn++) / 2 ** 32) * n);
  const pairs: Pairs = { left: [], right: [], same: [] };
  for (let i = 0; i < count; i++) {
    const isSame = i % 2 === 0;
    const digit = below(10);
    const other = isSame ? digit : (digit + 1 + below(9)) % 10;
    const draw = (from: number) => images[from]?.[below(images[from].length)] as number[];
    pairs.left.push(draw(digit));
    pairs.right.push(draw(other));
    pairs.same.push([isSame ? 1 : 0]);
  }
  return pairs;
}

/** The distance of two codes, kept off zero, where the root has no derivative. */
const distance = customLayer({
  kind: "distance",
  shape: ([rows]) => [rows as number, 1],
  build: ([a, b]) =>
    ops.sqrt(ops.add(ops.sum(ops.square(ops.subtract(a!, b!)), { axis: 1, keepDims: true }), 1e-6)),
});

/** same · d² + (1 − same) · max(0, margin − d)² (Hadsell, Chopra & LeCun 2006, eq. 4). */
const contrastive: LossFunction = (d, same) =>
  ops.add(
    ops.multiply(same, ops.square(d)),
    ops.multiply(ops.subtract(1, same), ops.square(ops.maximum(ops.subtract(MARGIN, d), 0))),
  );

function siamese(pixels: number, hidden: number, code: number) {
  const encoder = network({
    ...sequential(input(pixels), dense(hidden, "relu"), dense(code)).ends,
    name: "encoder",
  });
  const left = input(pixels);
  const right = input(pixels);
  return network({ inputs: { left, right }, outputs: { distance: distance(encoder(left), encoder(right)) } });
}

const accuracy = (distances: ArrayLike<number>, same: readonly number[][]) =>
  same.filter(([isSame], i) => (distances[i] as number) < MARGIN / 2 === (isSame === 1)).length / same.length;

describe("a siamese network with shared weights", () => {
  it("says of at least 90 % of pairs of unseen digits whether they are the same, where the pixels say it of less than 75 %", async () => {
    const digits = Array.from({ length: 10 }, (_, digit) => digit);
    const train = pairsOf(
      digits.map((digit) => digitImages(digit, 0, 700)),
      20000,
      1,
    );
    const test = pairsOf(
      digits.map((digit) => digitImages(digit, 700, 850)),
      1000,
      2,
    );
    const model = await compile(siamese(PIXELS, 128, 16), {
      loss: contrastive,
      optimizer: adam({
        learningRate: (step) => 0.003 / (1 + step / 500),
        weightDecay: 0.05,
        decoupled: true,
      }),
      seed: 1,
    });
    expect(Object.keys(model.weights())).toEqual([
      "encoder/dense/kernel",
      "encoder/dense/bias",
      "encoder/dense_2/kernel",
      "encoder/dense_2/bias",
    ]);
    const { left, right, same } = train;
    const history = await model.fit(
      { x: { left, right }, y: { distance: same } },
      { epochs: 12, batchSize: 64 },
    );
    expect(history.at(-1)?.loss).toBeLessThan((history[0]?.loss as number) / 2);
    const { distance } = await model.predict({ left: test.left, right: test.right });
    expect(accuracy(distance, test.same)).toBeGreaterThanOrEqual(0.9);

    // The best threshold on the distance of the images themselves.
    const apart = test.left.map((a, i) =>
      Math.hypot(...a.map((value, k) => value - (test.right[i]?.[k] as number))),
    );
    const scaled = (threshold: number) => apart.map((d) => (d * MARGIN) / (2 * threshold));
    const best = Math.max(...apart.map((threshold) => accuracy(scaled(threshold), test.same)));
    expect(best).toBeLessThan(0.75);
  });

  it("has the gradients that differences in f64 give, added up over both uses", async () => {
    const images = Array.from({ length: 10 }, (_, digit) =>
      digitImages(digit, 0, 3).map((one) => one.slice(80, 110)),
    );
    const { left, right, same } = pairsOf(images, 10, 3);
    const data = { x: { left, right }, y: { distance: same } };
    const check = await gradientCheck(siamese(30, 6, 3), data, { loss: contrastive, seed: 2 });
    expect(check.passed, String(check)).toBe(true);
  });
});
