import type { Constraint } from "../../../../assembly/isa/optimizer.js";
import { stepKinds } from "../../../compile/facts/step.js";
import { defineOp } from "../../op.js";
import { ROWS, type Shape } from "../../shape.js";
import type { Value } from "../../value.js";
import { count, real } from "../operands.js";

/** The first values of a parameter, drawn in the engine. */
export type Initial = (
  | {
      /** Uniform over [low, high); one value where they are equal. */
      readonly low: number;
      readonly high: number;
    }
  | {
      /** Normal; drawn again while it is beyond `limit` deviations, unless that is 0. */
      readonly mean: number;
      readonly deviation: number;
      readonly limit: number;
    }
) & {
  /** What is made of the numbers drawn, row-major, before training begins. */
  finish?(drawn: Float32Array, shape: Shape): Float32Array | Promise<Float32Array>;
};

/** What a parameter is kept to after each update. */
export interface ParameterConstraint {
  /** @internal */
  readonly kind: Constraint;
  readonly low: number;
  readonly high: number;
}

/** A tensor that training changes: where it starts, and how a user finds it. */
export interface Parameter {
  /** `layer/kernel`: unique in a network. */
  readonly name: string;
  readonly shape: Shape;
  readonly initial: Initial;
  /** Whether training changes it unless the model is told otherwise; default true. */
  readonly trainable?: boolean;
  /** Whether weight decay applies to it; default true. */
  readonly decay?: boolean;
  readonly constraint?: ParameterConstraint | undefined;
  /** It has no gradient, but is a running average: the share of what is new in each step, in (0, 1]. */
  readonly average?: number;
}

/** The value of a parameter: it lies in the parameter segment, so nothing computes it. */
export const parameter = defineOp<[], Parameter>({
  name: "parameter",
  shape: (_, { shape }) => shape,
  vjp: () => [],
  lower: () => {},
});

export interface ConstantAttributes {
  readonly shape: Shape;
  readonly values: Float32Array;
}

/** Numbers that are known when the graph is built: they lie behind the parameters, written when a program is loaded. */
export const constant = defineOp<[], ConstantAttributes>({
  name: "constant",
  shape: (_, { shape }) => shape,
  vjp: () => [],
  lower: () => {},
});

export interface SourceAttributes {
  /** Entry of the source table. */
  readonly slot: number;
  /** Shape of one row. */
  readonly row: Shape;
  readonly scale: number;
  readonly offset: number;
}

/** y[i] = scale · staged[order[cursor + i]] + offset: the rows of an input or a target for this step. */
export const source = defineOp<[], SourceAttributes>({
  name: "source",
  shape: (_, { row }) => [ROWS, ...row],
  vjp: () => [],
  lower: (emit, _, y, { slot, row, scale, offset }) =>
    emit(stepKinds.Gather, {
      y,
      source: slot,
      inner: count(row),
      scale: real(scale),
      offset: real(offset),
    }),
});

/** A value of that shape, to build on when only what is built matters. */
export const placeholder = (shape: Shape, slot: number): Value =>
  shape[0] === ROWS
    ? source({ slot, row: shape.slice(1), scale: 1, offset: 0 })
    : parameter({ name: `input ${slot}`, shape, initial: { low: 0, high: 0 } });
