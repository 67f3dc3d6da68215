import type { OpFunction } from "../op.js";
import type { Parameter } from "../primitives/step/source.js";
import type { Shape } from "../shape.js";
import type { Value } from "../value.js";
import { type NdArray, ndArray } from "./ndArray.js";

/** What a graph is evaluated on. */
export interface Feed {
  /** Rows of this step. */
  readonly rows: number;
  /** Rows of each source, by slot; the u8 ones as bytes. */
  readonly sources?: readonly ArrayLike<number>[];
  readonly parameters?: ReadonlyMap<Parameter, ArrayLike<number>>;
  /** Key of the random numbers; default 0. */
  readonly seed?: number;
  /** Default 0. */
  readonly step?: number;
}

/** What an op means: its result, at a concrete shape, in plain f64. */
export type Definition<A> = (inputs: readonly NdArray[], shape: Shape, attributes: A, feed: Feed) => NdArray;

/** The attributes of an op. */
export type AttributesOf<O> = O extends OpFunction<infer _I extends readonly Value[], infer A> ? A : never;

/** y = f(x), element by element. */
export const map =
  (f: (x: number) => number): Definition<unknown> =>
  ([x], shape) =>
    ndArray(shape, (_, i) => f(x!.data[i]!));
