/**
 * Gives every value its place.
 *
 * 1. Values that share a buffer are put together: a view with what it shows, and the result of an op that works in
 *    place with the input that it consumes, when that input is not needed again.
 * 2. A buffer lives from the instruction that first writes it to the last that reads it.
 * 3. Buffers whose lives overlap are placed beside each other, in as little room as can be found (place.ts).
 *
 * Everything takes O(n log n) for n values.
 */
import { elements, type Shape, sizeOf } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import { align, type Place } from "../instruction.js";
import type { Span } from "./live.js";
import { place } from "./place.js";

/** A region of the arena, and the instructions, by number, between which it is in use. */
export interface Lifetime extends Span {
  readonly layer: string;
  /** The op that first writes it, by name. */
  readonly op: string;
  readonly offset: number;
}

export interface Plan {
  readonly places: ReadonlyMap<Value, Place>;
  readonly arenaBytes: number;
  readonly lifetimes: readonly Lifetime[];
}

export interface PlanInput {
  /** Values in the order in which they are computed. */
  readonly order: readonly Value[];
  /** Values that lie outside the arena. */
  readonly pinned: ReadonlyMap<Value, Place>;
  /** Values that must survive the program. */
  readonly kept: ReadonlySet<Value>;
  /** Rows that a step takes at most. */
  readonly rows: number;
}

/** A buffer whose end and place are not known yet. */
type Growing = { -readonly [F in keyof Lifetime]: Lifetime[F] };

export function plan({ order, pinned, kept, rows }: PlanInput): Plan {
  const bases = basesOf(order);
  const lastUse = lastUses(order, kept, bases);
  const lookup: Sharing = { pinned, bases, lastUse };
  const buffers = new Map<Value, Growing>();
  const lifetimes: Growing[] = [];
  order.forEach((value, index) => {
    if (pinned.has(value) || value.op.effect) return;
    const last = lastUse.get(value) ?? index;
    const shared = sharedInput(value, index, lookup);
    const buffer = shared && buffers.get(shared);
    if (buffer !== undefined) {
      buffer.last = Math.max(buffer.last, last);
      buffers.set(value, buffer);
      return;
    }
    if (value.op.view && pinned.has(bases.get(value) as Value)) return;
    const bytes = align(elements(value.shape, rows) * 4);
    const lifetime = { layer: value.layer, op: value.op.name, bytes, first: index, last, offset: 0 };
    lifetimes.push(lifetime);
    buffers.set(value, lifetime);
  });
  const placement = place(lifetimes);
  lifetimes.forEach((lifetime, i) => {
    lifetime.offset = placement.offsets[i] as number;
  });
  return { places: placesOf(order, pinned, buffers), arenaBytes: placement.bytes, lifetimes };
}

/** What each value shows: itself, unless it is a view. */
export function basesOf(order: readonly Value[]): Map<Value, Value> {
  const bases = new Map<Value, Value>();
  for (const value of order) {
    bases.set(value, value.op.view ? (bases.get(value.inputs[0] as Value) as Value) : value);
  }
  return bases;
}

/** The number of the last instruction that needs each value that is no view, directly or through a view of it. */
function lastUses(
  order: readonly Value[],
  kept: ReadonlySet<Value>,
  bases: ReadonlyMap<Value, Value>,
): Map<Value, number> {
  const last = new Map<Value, number>();
  const use = (value: Value, index: number) => last.set(bases.get(value) as Value, index);
  order.forEach((value, index) => {
    for (const input of value.inputs) use(input, index);
  });
  for (const value of kept) use(value, order.length);
  return last;
}

interface Sharing {
  readonly pinned: ReadonlyMap<Value, Place>;
  readonly bases: ReadonlyMap<Value, Value>;
  readonly lastUse: ReadonlyMap<Value, number>;
}

/** The input whose buffer `value` takes over. */
function sharedInput(value: Value, index: number, { pinned, bases, lastUse }: Sharing): Value | undefined {
  if (value.op.view) return value.inputs[0];
  return reusableInputs(value, bases).find((input) => {
    const base = bases.get(input) as Value;
    return !pinned.has(base) && lastUse.get(base) === index;
  });
}

/** The inputs over which the kernel of `value` may write its result if nobody needs them afterwards, best first. */
export function reusableInputs(value: Value, bases: ReadonlyMap<Value, Value>): Value[] {
  const inPlace = value.op.inPlace ?? [];
  const input = (i: number) => value.inputs[i] as Value;
  const isAligned = (i: number) => inPlace.includes(i) && sameSize(input(i).shape, value.shape);
  // An input that is repeated, or is another operand too, is read again after its start was overwritten: only
  // operands that are all read element for element may be the same.
  const isReadTwice = (i: number) =>
    value.inputs.some((other, j) => j !== i && bases.get(other) === bases.get(input(i)) && !isAligned(j));
  return inPlace.filter((i) => i < value.inputs.length && isAligned(i) && !isReadTwice(i)).map(input);
}

function sameSize(a: Shape, b: Shape): boolean {
  const [sizeA, sizeB] = [sizeOf(a), sizeOf(b)];
  return sizeA.factor === sizeB.factor && sizeA.perRow === sizeB.perRow;
}

/** What a chain of views shows. */
export function viewed(value: Value): Value {
  let base = value;
  while (base.op.view) base = base.inputs[0] as Value;
  return base;
}

function placesOf(
  order: readonly Value[],
  pinned: ReadonlyMap<Value, Place>,
  buffers: ReadonlyMap<Value, Lifetime>,
): Map<Value, Place> {
  const places = new Map<Value, Place>();
  order.forEach((value, content) => {
    const outside = pinned.get(value);
    const buffer = buffers.get(value);
    if (outside !== undefined) {
      places.set(value, { ...outside, content });
    } else if (value.op.view) {
      places.set(value, places.get(value.inputs[0] as Value) as Place);
    } else if (buffer !== undefined) {
      const { offset, bytes } = buffer;
      places.set(value, { segment: "arena", offset, bytes, size: sizeOf(value.shape), content });
    }
  });
  return places;
}
