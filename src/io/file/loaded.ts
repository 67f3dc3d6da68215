import { bindMembers } from "../../check/bindMembers.js";
import { DataError } from "../../check/errors.js";
import { later } from "../../check/kinds.js";
import { describe } from "../../check/options.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import type { Encoder } from "../../data/encoders/encoder.js";
import type { LabelEncoder } from "../../data/encoders/labelEncoder.js";
import type { Node } from "../../layers/layer.js";
import type { Model } from "../../model/model.js";
import type { InputRows } from "../../model/named.js";
import type { Network } from "../../network/description.js";
import type { Ends } from "../../network/ends.js";
import type { Signal } from "../../train/abort.js";

/** What an output that has labels says of a row. */
export interface Answer {
  /** The class of the largest number; of two classes and one number, by whether that is above one half. */
  readonly label: string | number | boolean | null;
  /** The numbers of the row: one for each class, in the order of their labels, or one of two. */
  readonly outputs: Float32Array;
}

/** What `predict` gives for an output: a row's numbers or answer, or those of all rows. */
export type Answers = Float32Array | Answer | readonly Answer[];

interface Facts {
  readonly encoders: Readonly<Record<string, Encoder<unknown>>>;
  readonly labels: Readonly<Record<string, LabelEncoder>>;
  readonly missing: readonly string[];
  readonly madeBy: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

const SIGNAL = { signal: /* @__PURE__ */ later<Signal | undefined>() };

/** A model that `load` read, with what its data goes through. */
export class LoadedModel<I extends Ends = Ends, O extends Ends = Ends> {
  /** @internal */
  static readonly name = "LoadedModel";
  /** @internal */
  get [Symbol.toStringTag](): string {
    return "LoadedModel";
  }
  /** The model itself, on rows of numbers: `fit`, `evaluate`, `weights` and all else. */
  readonly model: Model<string, O, I>;
  readonly network: Network<I, O>;
  /** What makes rows of data, by the inputs that they are of; of the one that goes without a name, under `""`. */
  readonly encoders: Readonly<Record<string, Encoder<unknown>>>;
  /** The classes that outputs stand for, likewise. */
  readonly labels: Readonly<Record<string, LabelEncoder>>;
  /** What it needs to train on and was not given, in words; empty where it trains on, or was asked only to predict. */
  readonly missing: readonly string[];
  /** What wrote the file: `wasmgrad 0.1.0`. */
  readonly madeBy: string;
  /** What `save` was given as metadata. */
  readonly metadata: Readonly<Record<string, unknown>>;

  /** @internal */
  constructor(model: Model<string, O, I>, network: Network<I, O>, facts: Facts) {
    this.model = model;
    this.network = network;
    this.encoders = facts.encoders;
    this.labels = facts.labels;
    this.missing = facts.missing;
    this.madeBy = facts.madeBy;
    this.metadata = facts.metadata;
    bindMembers(this);
  }

  /**
   * What the model makes of data as it is: where the file has encoders, of what these take, as records; else of rows of
   * numbers. Of an output with labels an answer for each row, of others their numbers, row after row. One record, or one
   * text, gives the answer of it alone. With named inputs, an object of data by their names; with named outputs, one of answers.
   *
   * @throws DataError for data that the encoders, or the network, do not take
   */
  async predict(x: unknown, options: { readonly signal?: Signal | undefined } = {}): Promise<Predicted<O>> {
    checkSurplus("predict", arguments, 2);
    take("predict", options, SIGNAL);
    const { single, outputs } = this.network;
    const { kind } = this.encoders[""] ?? {};
    const isOne = single.input && ((kind === "columns" && isRecord(x)) || (kind && typeof x === "string"));
    const rows = single.input ? this.#encode("", isOne ? [x] : x) : this.#encodeNamed(x);
    const results = await this.model.predict(rows as InputRows<I>, options);
    const answer = (name: string, numbers: Float32Array): Answers => {
      const answers = this.#answers(name, numbers);
      return isOne && !ArrayBuffer.isView(answers) ? (answers[0] as Answer) : answers;
    };
    if (single.output) return answer("", results as Float32Array) as Predicted<O>;
    const byName = results as Readonly<Record<string, Float32Array>>;
    return Object.fromEntries(
      outputs.map(({ name }) => [name, answer(name, byName[name] as Float32Array)]),
    ) as Predicted<O>;
  }

  /** Lets go of the memory of the model now. */
  dispose(): void {
    this.model.dispose();
  }

  #encode(input: string, data: unknown): unknown {
    const encoder = this.encoders[input];
    return encoder === undefined ? data : (encoder as { transform(data: unknown): unknown }).transform(data);
  }

  /** @throws DataError */
  #encodeNamed(x: unknown): unknown {
    const names = this.network.inputs.map(({ name }) => name);
    if (!isRecord(x)) {
      throw new DataError(`predict: x is ${describe(x)}; needs an object of data for ${names.join(", ")}.`);
    }
    return Object.fromEntries(Object.entries(x).map(([name, data]) => [name, this.#encode(name, data)]));
  }

  #answers(output: string, numbers: Float32Array): Float32Array | readonly Answer[] {
    const labels = this.labels[output];
    if (labels === undefined) return numbers;
    const end = this.network.outputs.find(({ name }) => output === "" || name === output);
    const columns = (end?.shape ?? []).slice(1).reduce((product, axis) => product * axis, 1);
    return labels.mostLikely(numbers, { columns }).map((label, row) => ({
      label,
      outputs: numbers.slice(row * columns, (row + 1) * columns),
    }));
  }
}

/** What a loaded model answers. */
export type Predicted<O extends Ends> = O extends Node ? Answers : { readonly [K in keyof O]: Answers };

const isRecord = (x: unknown): x is Readonly<Record<string, unknown>> =>
  typeof x === "object" && x !== null && !Array.isArray(x) && !ArrayBuffer.isView(x);
