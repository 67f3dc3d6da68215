/** Turns a trial into a graph and the numbers that it is run on. */

import { reshape } from "../../src/graph/primitives/move/reshape.ts";
import { sparseSource } from "../../src/graph/primitives/move/sparse.ts";
import { type Parameter, parameter, source } from "../../src/graph/primitives/step/source.ts";
import { elements, ROWS } from "../../src/graph/shape.ts";
import type { Value } from "../../src/graph/value.ts";
import { toSparse } from "../../src/rows/sparseRows.ts";
import type { Input, Trial } from "./case.ts";
import { chanceOf, type Domain, uniform } from "./domains.ts";
import type { EngineFeed } from "./run.ts";

export interface Prepared {
  readonly inputs: readonly Value[];
  /** What the op makes of them. */
  readonly y: Value;
  readonly feed: EngineFeed;
  /** The numbers of each input, which the feed holds too. */
  readonly values: readonly (Float32Array | Uint8Array)[];
}

/** A value for each input, with numbers; `pick` says from which domain. */
export class Inputs {
  readonly #sources: (Float32Array | Uint8Array)[] = [];
  readonly #parameters = new Map<Parameter, Float32Array>();
  readonly #chance: () => number;
  readonly feed: EngineFeed;

  constructor({ rows, seed }: Pick<Trial, "rows" | "seed">) {
    this.#chance = chanceOf(seed);
    this.feed = {
      rows,
      sources: this.#sources,
      parameters: this.#parameters,
      seed: seed >>> 0,
      step: (seed >>> 5) & 0xffff,
    };
  }

  add({ shape, stored }: Pick<Input, "shape" | "stored">, domain: Domain) {
    const count = elements(shape, this.feed.rows);
    const values = new Float32Array(count);
    domain(values, this.#chance);
    if (!shape.includes(ROWS)) {
      const attributes: Parameter = {
        name: `p${this.#parameters.size}`,
        shape,
        initial: { low: 0, high: 0 },
      };
      this.#parameters.set(attributes, values);
      return { value: parameter(attributes), values };
    }
    if (stored === "sparse") {
      const slot = this.#sources.length;
      const features = shape.at(-1)!;
      const { staging } = toSparse(values, { columns: features }).toTable("case", features);
      this.#sources.push(staging!.pack(this.feed.rows, (row) => row));
      return { value: sparseSource({ slot, features }), values };
    }
    const { bytes, ...affine } = stored ?? { bytes: false, scale: 1, offset: 0 };
    const slot = this.#sources.length;
    const kept = bytes ? Uint8Array.from(values) : values;
    this.#sources.push(kept);
    const row = shape.filter((axis) => axis !== ROWS);
    const value = source({ slot, row, ...affine });
    return { value: shape[0] === ROWS ? value : reshape(value, { shape }), values: kept };
  }

  /** Weights of ordinary size, shaped alike: what makes a scalar of a result. */
  weights(like: Value): Value {
    return this.add({ shape: like.shape }, uniform(-1.5, 1.5)).value;
  }
}

export function prepare(trial: Trial, pick: (input: Input) => Domain = ({ domain }) => domain) {
  const inputs = new Inputs(trial);
  const added = trial.inputs.map((input) => inputs.add(input, pick(input)));
  const prepared: Prepared = {
    inputs: added.map(({ value }) => value),
    y: trial.build(added.map(({ value }) => value)),
    feed: inputs.feed,
    values: added.map(({ values }) => values),
  };
  return { ...prepared, weights: (like: Value) => inputs.weights(like) };
}
