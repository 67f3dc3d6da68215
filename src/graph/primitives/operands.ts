import { type Shape, type Size, sizeOf } from "../shape.js";

/** The number of elements of a shape, as an operand. */
export const count = (shape: Shape): { readonly count: Size } => ({ count: sizeOf(shape) });

/** An f32 immediate. */
export const real = (value: number): { readonly real: number } => ({ real: value });

/** A shape as a matrix: all axes but the last, and the last. A scalar is 1 × 1. */
export const matrix = (shape: Shape) => ({ outer: count(shape.slice(0, -1)), inner: count(shape.slice(-1)) });
