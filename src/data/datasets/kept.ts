import { DEEPEST, isList, MOST_ROWS } from "../../rows/nesting.js";
import type { TypedArray } from "../../rows/table.js";
import { emptyLike } from "./exampleRows.js";
import { batchRows } from "./stack.js";

/**
 * An element as it is now: its arrays, typed arrays and fields copied, since whoever makes elements may write the next
 * one into the same. What is no plain data stays what it is.
 */
export function kept<T>(element: T, within: readonly unknown[] = []): T {
  if (typeof element !== "object" || element === null) return element;
  // Without end, or of holes: it is refused where it is read.
  if (within.length > DEEPEST || within.includes(element)) return element;
  if (Array.isArray(element) && element.length > MOST_ROWS) return element;
  // Batches that were stacked here are nobody else's.
  if (batchRows.has(element)) return element;
  if (isList(element) && !Array.isArray(element)) {
    const copy = emptyLike(element as unknown as TypedArray, element.length);
    copy.set(element as unknown as TypedArray);
    return copy as unknown as T;
  }
  const inside = [...within, element];
  // Holes become undefined, which is refused where numbers are needed.
  if (Array.isArray(element)) return Array.from(element, (one) => kept(one, inside)) as T;
  const prototype: unknown = Object.getPrototypeOf(element);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return element;
  return Object.fromEntries(Object.entries(element).map(([name, one]) => [name, kept(one, inside)])) as T;
}
