/** What a row of the table of cases is. */
import fc from "fast-check";
import type { NdArray } from "../../src/graph/reference/ndArray.ts";
import { formatShape, type Shape } from "../../src/graph/shape.ts";
import type { Value } from "../../src/graph/value.ts";
import type { Domain } from "./domains.ts";

/** A ndArray that an op is applied to. One with ROWS is a source, any other a parameter. */
export interface Input {
  readonly shape: Shape;
  readonly domain: Domain;
  /** Values at which the op is differentiable, where `domain` has others. */
  readonly smooth?: Domain;
  /** The op gives it no gradient: labels, targets. */
  readonly constant?: true;
  /** Of a source: how it is stored and what is done to it on the way. */
  readonly stored?: { readonly bytes: boolean; readonly scale: number; readonly offset: number } | "sparse";
}

/** One use of an op. */
export interface Application {
  readonly inputs: readonly Input[];
  readonly build: (inputs: readonly Value[]) => Value;
  /** What it means, straight from its formula in f64: of a function that is made of several ops. */
  readonly define?: (inputs: readonly NdArray[]) => NdArray;
  /** Attributes, for the message when it fails. */
  readonly attributes?: unknown;
}

/** An application at so many rows, in a program that has room for `spare` more, on numbers of that seed. */
export interface Trial extends Application {
  readonly rows: number;
  readonly spare: number;
  readonly seed: number;
}

/**
 * How near a kernel must come to the f64 definition. `exact`: its f32 rounding, to the bit (zeros of either sign are
 * equal). Else |error| ≤ relative · max(|expected|, floor), where the floor is a number of the size of the terms that
 * cancel, or `terms`: the same op of the absolute values of its inputs, which for a sum of products is that size.
 */
export type Accuracy = "exact" | { readonly relative: number; readonly floor?: number | "terms" };

export interface OpCase {
  readonly applications: fc.Arbitrary<Application>;
  readonly accuracy: Accuracy;
  /** How its gradient is proved; `none`: it has none; `leaf`: no input is given one. */
  readonly gradient: "finite differences" | "none" | "leaf";
  /** A size that a network has, for the bench; checked against f64 once. */
  readonly large: Application;
}

/** Rows of a trial: 1 to 9, in programs with room for up to 7 more. */
export const trials = (applications: fc.Arbitrary<Application>): fc.Arbitrary<Trial> =>
  fc
    .tuple(applications, fc.integer({ min: 1, max: 9 }), fc.nat(7), fc.integer())
    .map(([application, rows, spare, seed]) => ({ ...application, rows, spare, seed }));

export function describeTrial({ inputs, rows, spare, seed, attributes }: Trial): string {
  const shapes = inputs.map(({ shape }) => formatShape(shape)).join(" ");
  return `${shapes} at ${rows} of ${rows + spare} rows, seed ${seed}, ${JSON.stringify(attributes) ?? "plain"}`;
}
