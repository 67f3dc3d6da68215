import type { OpFunction } from "../../src/graph/op.ts";
import type { Shape } from "../../src/graph/shape.ts";
import type { Value } from "../../src/graph/value.ts";
import type { Parameter } from "../../src/ops/source.ts";
import type { Tensor } from "./tensor.ts";

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
export type Definition<A> = (inputs: readonly Tensor[], shape: Shape, attributes: A, feed: Feed) => Tensor;

/** The attributes of an op. */
export type AttributesOf<O> = O extends OpFunction<infer _I extends readonly Value[], infer A> ? A : never;
