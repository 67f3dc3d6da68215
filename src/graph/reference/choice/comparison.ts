import { zip } from "../elementwise/binary.js";

export const minimum = zip(Math.min);
export const notEqual = zip((a, b) => (a === b ? 0 : 1));
export const greater = zip((a, b) => (a > b ? 1 : 0));
export const greaterEqual = zip((a, b) => (a >= b ? 1 : 0));
