/** The forms in which `predict` answers. */
import type { Node } from "../layers/layer.js";
import type { Ends } from "../network/ends.js";
import type { Signal } from "../train/abort.js";

/** The form of what `predict` gives: of all rows, or of one. */
export type AnswerForm = "row" | "rows" | "class" | "classes";

/** The names of the classes of an output, in their order: a list, or a fitted labelEncoder of wasmgrad/data. */
export type ClassNames = readonly ClassName[] | { readonly classes: readonly ClassName[] };

/** The name of a class. */
export type ClassName = string | number | boolean;

/** How `predict` is to answer. */
export interface AnswerOptions<F extends AnswerForm = AnswerForm, O extends Ends = Ends> {
  readonly as: F;
  /** The names of the classes, for `"class"` and `"classes"`; of several outputs by their names. Default: their numbers. */
  readonly labels?: O extends Node ? ClassNames : { readonly [K in keyof O]?: ClassNames };
  /** A fitted encoder of wasmgrad/data that x goes through; of several inputs by their names. */
  readonly encoder?: RowEncoder | { readonly [input: string]: RowEncoder };
  readonly signal?: Signal | undefined;
}

/** What turns data into rows, as an encoder of wasmgrad/data does. */
export interface RowEncoder {
  transform(data: never): unknown;
}

/** What each form is, of one output. */
export interface FormOf {
  readonly row: Float32Array;
  readonly rows: Float32Array[];
  readonly class: ClassName;
  readonly classes: ClassName[];
}

/** What `predict` gives in a form: of the one output, or of each by its name. */
export type AnswersOf<O extends Ends, F extends AnswerForm> = O extends Node
  ? FormOf[F]
  : { readonly [K in keyof O]: FormOf[F] };
