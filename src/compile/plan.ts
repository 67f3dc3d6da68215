/**
 * Gives every value its place.
 *
 * 1. Values that share a buffer are put together: a view with what it shows, and the result of an op that works in
 *    place with the input that it consumes, when that input is not needed again.
 * 2. A buffer lives from the instruction that first writes it to the last that reads it.
 * 3. Buffers are placed largest first, each at the lowest offset of the smallest gap between the buffers already
 *    placed whose lives overlap its own ("greedy by size", Pisarchyk & Lee 2020, arXiv:2001.03288, algorithm 3).
 */
import { elements, type Shape, sizeOf } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { align, type Place } from "./instruction.js";

/** A region of the arena and the instructions, by number, between which it is in use. */
export interface Lifetime {
  readonly layer: string;
  readonly bytes: number;
  readonly first: number;
  last: number;
  offset: number;
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

export function plan({ order, pinned, kept, rows }: PlanInput): Plan {
  const bytesOf = (value: Value) => align(elements(value.shape, rows) * 4);
  const lastUse = lastUses(order, kept);
  const buffers = new Map<Value, Lifetime>();
  const lifetimes: Lifetime[] = [];
  order.forEach((value, index) => {
    if (pinned.has(value) || value.op.effect) return;
    const last = lastUse.get(value) ?? index;
    const shared = sharedInput(value, index, { pinned, lastUse });
    const buffer = shared && buffers.get(shared);
    if (buffer !== undefined) {
      buffer.last = Math.max(buffer.last, last);
      buffers.set(value, buffer);
      return;
    }
    if (value.op.view && pinned.has(viewed(value))) return;
    const lifetime = { layer: value.layer, bytes: bytesOf(value), first: index, last, offset: 0 };
    lifetimes.push(lifetime);
    buffers.set(value, lifetime);
  });
  const arenaBytes = placeLargestFirst(lifetimes);
  return { places: placesOf(order, pinned, buffers), arenaBytes, lifetimes };
}

/** The number of the last instruction that needs each value, directly or through a view of it. */
function lastUses(order: readonly Value[], kept: ReadonlySet<Value>): Map<Value, number> {
  const last = new Map<Value, number>();
  const use = (value: Value, index: number) => {
    for (
      let base: Value | undefined = value;
      base !== undefined;
      base = base.op.view ? base.inputs[0] : undefined
    ) {
      last.set(base, Math.max(last.get(base) ?? 0, index));
    }
  };
  order.forEach((value, index) => value.inputs.forEach((input) => use(input, index)));
  for (const value of kept) use(value, order.length);
  return last;
}

interface Sharing {
  readonly pinned: ReadonlyMap<Value, Place>;
  readonly lastUse: ReadonlyMap<Value, number>;
}

/** The input whose buffer `value` takes over. */
function sharedInput(value: Value, index: number, { pinned, lastUse }: Sharing): Value | undefined {
  if (value.op.view) return value.inputs[0];
  for (const i of value.op.inPlace ?? []) {
    const input = value.inputs[i];
    // An input that is repeated is read again after its first elements have been overwritten.
    if (input === undefined || !sameSize(input.shape, value.shape)) continue;
    const base = viewed(input);
    const isReadTwice = value.inputs.some((other, j) => j !== i && viewed(other) === base);
    if (!isReadTwice && !pinned.has(base) && lastUse.get(base) === index) return input;
  }
  return undefined;
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

function placeLargestFirst(lifetimes: readonly Lifetime[]): number {
  const placed: Lifetime[] = [];
  let arenaBytes = 0;
  for (const lifetime of [...lifetimes].sort((a, b) => b.bytes - a.bytes || a.first - b.first)) {
    const overlapping = placed.filter(
      (other) => other.first <= lifetime.last && lifetime.first <= other.last,
    );
    lifetime.offset = smallestGap(overlapping, lifetime.bytes);
    arenaBytes = Math.max(arenaBytes, lifetime.offset + lifetime.bytes);
    const at = placed.findIndex((other) => other.offset > lifetime.offset);
    placed.splice(at < 0 ? placed.length : at, 0, lifetime);
  }
  return arenaBytes;
}

/** Offset of the smallest gap of at least `bytes` between buffers sorted by offset, else the end of the last. */
function smallestGap(sorted: readonly Lifetime[], bytes: number): number {
  let best = -1;
  let bestBytes = Number.POSITIVE_INFINITY;
  let end = 0;
  for (const { offset, bytes: taken } of sorted) {
    const gap = offset - end;
    if (gap >= bytes && gap < bestBytes) {
      best = end;
      bestBytes = gap;
    }
    end = Math.max(end, offset + taken);
  }
  return best < 0 ? end : best;
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
