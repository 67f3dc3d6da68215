/** Data as the inputs and outputs of a network are named. */
import type { Node } from "../layers/layer.js";
import type { Ends } from "../network/ends.js";
import type { InputData, Rows } from "../rows/fields.js";
import type { Tensor } from "../rows/table.js";
import type { Batches } from "../train/feed/slabs.js";

/** The inputs of a network where they have names. */
export type NamedEnds<I extends Ends> = I extends Node ? Ends : I;

/** Rows for inputs: as they are for the one, else by the name of each. */
export type InputRows<I extends Ends> = Node extends I ? Rows : { readonly [K in keyof I]: InputData };

/** Targets, or weights of rows, for outputs: those that are left out have no loss, or count alike. */
export type TargetRows<O extends Ends> = Node extends O ? Rows : { readonly [K in keyof O]?: Tensor };

/** Rows of inputs and, row by row, their targets: see Examples. */
export interface NamedExamples<I extends Ends, O extends Ends> {
  readonly x: InputRows<I>;
  readonly y?: TargetRows<O> | undefined;
  readonly sampleWeight?: TargetRows<O> | undefined;
}

/** What a model is trained or evaluated on: arrays, or batches, or the function that makes them. */
export type ModelData<I extends Ends, O extends Ends> =
  | NamedExamples<I, O>
  | Batches<NamedExamples<I, O>>
  | (() => Batches<NamedExamples<I, O>>);
