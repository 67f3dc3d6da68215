/** Lists in lists: how long they are, and what lies in them. */
import { DataError } from "../check/errors.js";
import type { Shape } from "../graph/shape.js";

/** Deeper than anybody nests rows: a list that holds itself has no end. */
export const DEEPEST = 32;
/** More do not fit the arrays of any engine: who says so has holes. */
export const MOST_ROWS = 2 ** 27;

export const isList = (part: unknown): part is ArrayLike<unknown> =>
  Array.isArray(part) || (ArrayBuffer.isView(part) && "length" in part);

/**
 * The lengths of the lists in a list, by the first of each: [28, 28] of images, none of numbers.
 *
 * @throws DataError for a list without end, or of holes
 */
export function nestingOf(who: string, list: ArrayLike<unknown>): number[] {
  if (list.length > MOST_ROWS && Array.isArray(list)) {
    throw new DataError(`${who}: has ${list.length} rows; needs at most ${MOST_ROWS}, or a typed array.`);
  }
  const nesting: number[] = [];
  for (let part = list[0]; isList(part); part = part[0]) {
    if (nesting.push(part.length) > DEEPEST) {
      throw new DataError(`${who}: has more than ${DEEPEST} lists in one another; needs fewer.`);
    }
  }
  return nesting;
}

/** Numbers in a part of lists that are all alike. */
export const countOf = (who: string, part: unknown): number =>
  nestingOf(who, [part]).reduce((product, length) => product * length, 1);

/** Whether lists are nested as a shape is, or less deep: [28, 28] and [784] for [28, 28, 1]. */
export function isNestedAs(shape: Shape, nesting: readonly number[]): boolean {
  const isLong = (length: number) => length !== 1;
  const [lengths, axes] = [nesting.filter(isLong), shape.filter(isLong)];
  const last = Math.max(0, lengths.length - 1);
  const inner = axes.slice(last).reduce((product, axis) => product * axis, 1);
  return lengths.slice(0, last).every((length, i) => length === axes[i]) && (lengths[last] ?? 1) === inner;
}

/**
 * Takes what lies in lists of these lengths, one after the other.
 *
 * @param uneven the error for a list of another length, or something that is none, and how deep it lies
 */
export function eachLeaf(
  part: unknown,
  nesting: readonly number[],
  take: (leaf: unknown) => void,
  uneven: (part: unknown, depth: number) => Error,
  depth = 0,
): void {
  const isLeaf = typeof part !== "object" || !isList(part);
  if (depth === nesting.length) {
    if (!isLeaf) throw uneven(part, depth);
    take(part);
    return;
  }
  if (isLeaf || part.length !== nesting[depth]) throw uneven(part, depth);
  for (let i = 0; i < part.length; i++) eachLeaf(part[i], nesting, take, uneven, depth + 1);
}

/** What is wrong with a part that is unlike the others, as an error says it. */
export function unevenness(part: unknown, depth: number, nesting: readonly number[]): string {
  const length = nesting[depth];
  const wanted = length === undefined ? "a number" : `a list of ${length}`;
  return `is ragged: it has ${isList(part) ? `a list of ${part.length}` : "a number"} where ${wanted} belongs`;
}
