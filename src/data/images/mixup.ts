import { DataError } from "../../check/errors.js";
import { integer, numberOf, optional } from "../../check/kinds.js";
import { describe } from "../../check/options.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { exp, log } from "../../numeric/exactMath.js";
import { Purpose, randomStream } from "../../numeric/random.js";
import { batchRows } from "../datasets/stack.js";
import { Use } from "../splits/draws.js";

export interface MixupOptions {
  /** Both parameters of the beta distribution that shares are drawn from; default 0.2. */
  readonly alpha?: number;
  /** How many classes there are, where `y` holds a class for each row; left out, `y` holds rows of numbers. */
  readonly classes?: number;
  /** Seed of all that is drawn; default 0. */
  readonly seed?: number;
}

/** A batch, as `Dataset.batch` makes it. */
export interface MixupBatch {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly rows?: number;
}

/** What `Dataset.map` calls for each batch. */
export type Mixer = (
  batch: MixupBatch,
  index?: number,
  epoch?: number,
) => { readonly x: Float32Array<ArrayBuffer>; readonly y: Float32Array<ArrayBuffer> };

const TWO_32 = 2 ** 32;
/** Tries of Jöhnk's method: half of them and more succeed, so none of 64 does once in 10¹⁹. */
const TRIES = 64;
const alphaKind = /* @__PURE__ */ numberOf("a number in (0, 1]", (x) => x > 0 && x <= 1);

/**
 * Makes a function that mixes each row of a batch with another one, for `Dataset.map` behind `batch`:
 *
 *     x = λ xᵢ + (1 − λ) xⱼ,   y = λ yᵢ + (1 − λ) yⱼ,   λ ~ Beta(α, α) for each row
 *
 * The targets are shares of classes then, so the loss is `crossEntropy`. What is drawn follows from the seed, the epoch
 * and the number of the batch alone.
 *
 * Source: Zhang, Cissé, Dauphin, Lopez-Paz, "mixup: Beyond Empirical Risk Minimization", ICLR 2018. λ by Jöhnk 1964.
 *
 * @throws OptionError
 */
export function mixup(options: MixupOptions = {}): Mixer {
  checkSurplus("mixup", arguments, 1);
  const { alpha, classes, seed } = take("mixup", options, {
    alpha: alphaKind(0.2),
    classes: optional(integer(2)),
    seed: integer(0, 0),
  });
  return (batch, index = 0, epoch = 0) => {
    const { x, y } = batch;
    for (const [name, given] of Object.entries({ x, y })) {
      if (ArrayBuffer.isView(given)) continue;
      throw new DataError(
        `mixup: ${name} is ${describe(given)}; needs a flat typed array. Put it behind batch(…).`,
      );
    }
    const rows = rowsOf(batch, classes);
    const targets = classes === undefined ? y : oneHot(y, classes);
    const stream = randomStream(seed, epoch, Use.Mixup, Purpose.Shuffle);
    const chance = (row: number, i: number) =>
      stream.uint32((index * rows + row) * (2 * TRIES + 1) + i) / TWO_32;
    const partners = Array.from({ length: rows }, (_, row) => Math.floor(chance(row, 0) * rows));
    const shares = Array.from({ length: rows }, (_, row) => beta(alpha, (i) => chance(row, i + 1)));
    const mixed = (values: ArrayLike<number>) => {
      const columns = values.length / rows;
      return Float32Array.from({ length: values.length }, (_, i) => {
        const [row, column] = [Math.floor(i / columns), i % columns];
        const share = shares[row] as number;
        const other = values[(partners[row] as number) * columns + column] as number;
        return share * (values[i] as number) + (1 - share) * other;
      });
    };
    const result = { x: mixed(x), y: mixed(targets) };
    batchRows.set(result, rows);
    return result;
  };
}

/** How many rows a batch has: what `batch` noted, or as many as there are classes in y. */
function rowsOf(batch: MixupBatch, classes: number | undefined): number {
  const rows = batchRows.get(batch) ?? (classes === undefined ? 0 : batch.y.length);
  if (rows > 0 && batch.x.length % rows === 0 && batch.y.length % rows === 0) return rows;
  throw new DataError(
    `mixup: there are ${batch.x.length} numbers of x and ${batch.y.length} of y; needs a batch, as batch(…) makes it.`,
  );
}

function oneHot(labels: ArrayLike<number>, classes: number): Float32Array {
  const out = new Float32Array(labels.length * classes);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] as number;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new DataError(
        `mixup: y of row ${row} is ${label}; needs a class from 0 to ${classes - 1}. Leave classes out where y has rows of numbers.`,
      );
    }
    out[row * classes + label] = 1;
  }
  return out;
}

/** Beta(α, α) for α ≤ 1, by Jöhnk: U^(1/α) / (U^(1/α) + V^(1/α)) where that sum is at most 1. */
function beta(alpha: number, chance: (i: number) => number): number {
  for (let i = 0; i < TRIES; i++) {
    const [u, v] = [log(chance(2 * i) + 0.5 / TWO_32) / alpha, log(chance(2 * i + 1) + 0.5 / TWO_32) / alpha];
    const larger = Math.max(u, v);
    // By logarithms, since both powers may be 0.
    const sum = larger + log(exp(u - larger) + exp(v - larger));
    if (sum <= 0) return exp(u - sum);
  }
  return 1;
}
