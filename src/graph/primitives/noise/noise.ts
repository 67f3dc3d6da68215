import { noiseKinds } from "../../../compile/facts/noise.js";
import { defineOp } from "../../op.js";
import type { Shape } from "../../shape.js";
import { count, real } from "../operands.js";

export interface Drawn {
  readonly shape: Shape;
  /** Keys the random numbers: those of one step differ from node to node. */
  readonly node: number;
}

/** y uniform over [low, high), drawn anew in each step from (seed, step, node). */
export const uniformNoise = defineOp<[], Drawn & { readonly low: number; readonly high: number }>({
  name: "uniformNoise",
  shape: (_, { shape }) => shape,
  vjp: () => [],
  lower: (emit, _, y, { shape, low, high, node }) =>
    emit(noiseKinds.UniformNoise, { y, count: count(shape), low: real(low), high: real(high), node }),
});

/** y normal of that mean and standard deviation, drawn anew in each step from (seed, step, node). */
export const normalNoise = defineOp<[], Drawn & { readonly mean: number; readonly deviation: number }>({
  name: "normalNoise",
  shape: (_, { shape }) => shape,
  vjp: () => [],
  lower: (emit, _, y, { shape, mean, deviation, node }) =>
    emit(noiseKinds.NormalNoise, {
      y,
      count: count(shape),
      low: real(mean),
      high: real(deviation),
      node,
    }),
});
