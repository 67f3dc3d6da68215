import { describe } from "../check/options.js";

/** Sizes of a value's axes. The first may be ROWS. */
export type Shape = readonly number[];

/** The axis whose size is the rows of the step: known when it runs, bounded when it is planned. */
export const ROWS = -1;

/** A product of axis sizes: `factor`, times the rows of the step when `perRow`. */
export interface Size {
  readonly factor: number;
  readonly perRow: boolean;
}

/** Number of elements of a shape. A shape holds ROWS at most once. */
export function sizeOf(shape: Shape): Size {
  let factor = 1;
  for (const axis of shape) if (axis !== ROWS) factor *= axis;
  return { factor, perRow: shape.includes(ROWS) };
}

/** Number of elements when there are `rows` rows. */
export function elements(shape: Shape, rows: number): number {
  const { factor, perRow } = sizeOf(shape);
  return perRow ? factor * rows : factor;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((axis, i) => axis === b[i]);
}

/** `[rows, 28, 28]`, as errors and summaries print it; of what a user gives for one, whatever is in it. */
export function formatShape(shape: Shape): string {
  // More than anybody's: as many holes would take hours.
  if (shape.length > 64) return describe(shape);
  const shown = (axis: number) => (axis === ROWS ? "rows" : typeof axis === "number" ? axis : describe(axis));
  return `[${shape.map(shown).join(", ")}]`;
}
