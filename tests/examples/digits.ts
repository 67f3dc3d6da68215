/** Handwritten digits of the package `mnist`, from 28 × 28 to 14 × 14 pixels by the means of squares of four. */
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const WIDTH = 28;

/** Images `first` to `last` of each of the digits, flat, values from 0 to 1, in the fixed order of the package. */
export function digitImages(digit: number, first: number, last: number): number[][] {
  const { data } = require(`mnist/src/digits/${digit}.json`) as { data: number[] };
  return Array.from({ length: last - first }, (_, i) => {
    const at = (row: number, column: number) => data[((first + i) * WIDTH + row) * WIDTH + column] as number;
    return Array.from({ length: 14 * 14 }, (_, pixel) => {
      const [row, column] = [2 * Math.floor(pixel / 14), 2 * (pixel % 14)];
      return (at(row, column) + at(row, column + 1) + at(row + 1, column) + at(row + 1, column + 1)) / 4;
    });
  });
}
