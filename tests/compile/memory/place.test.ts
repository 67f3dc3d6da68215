/** Buffers of any lives and sizes lie apart, in little more room than is needed at one time. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Gaps } from "../../../src/compile/memory/gaps.ts";
import { countOverlaps, findOverlaps } from "../../../src/compile/memory/greedy.ts";
import { liveAtPeak, peakOf, type Span } from "../../../src/compile/memory/live.ts";
import { place } from "../../../src/compile/memory/place.ts";
import { sweep } from "../../../src/compile/memory/sweep.ts";
import { chanceOf } from "../../cases/domains.ts";
import { howMany } from "../../given/depth.ts";

const seed = Number(process.env.WASMGRAD_SEED ?? 2);

const spans = (maxLength: number, longest: number): fc.Arbitrary<Span[]> =>
  fc.array(
    fc
      .record({ units: fc.nat(40), first: fc.nat(60), length: fc.nat(longest) })
      .map(({ units, first, length }) => ({ bytes: 64 * units, first, last: first + length })),
    { maxLength },
  );

const meet = (a: Span, b: Span) => a.first <= b.last && b.first <= a.last;

/** Pairs that live at one time and share bytes, by comparing each with each. */
function collisions(all: readonly Span[], offsets: readonly number[]): number {
  let found = 0;
  all.forEach((a, i) => {
    for (let j = 0; j < i; j++) {
      const b = all[j]!;
      const isApart = offsets[i]! + a.bytes <= offsets[j]! || offsets[j]! + b.bytes <= offsets[i]!;
      if (meet(a, b) && !isApart) found++;
    }
  });
  return found;
}

const heightOf = (all: readonly Span[], offsets: readonly number[]) =>
  all.reduce((most, { bytes }, i) => Math.max(most, offsets[i]! + bytes), 0);

/** The bytes that live at one instruction, by adding them up. */
const liveBytes = (all: readonly Span[], now: number) =>
  all.reduce((sum, { bytes, first, last }) => sum + (first <= now && now <= last ? bytes : 0), 0);

describe("what lives at the peak", () => {
  it("is what lives at the instruction at which the sum is largest, the first of several", () => {
    fc.assert(
      fc.property(spans(40, 20), (all) => {
        const { bytes, instruction, live } = liveAtPeak(all);
        const sums = Array.from({ length: 90 }, (_, now) => liveBytes(all, now));
        expect(bytes).toBe(Math.max(...sums));
        if (bytes > 0) expect(instruction).toBe(sums.indexOf(bytes));
        expect(live.reduce((sum, one) => sum + one.bytes, 0)).toBe(bytes);
        expect(live.map((one) => one.bytes)).toEqual(live.map((one) => one.bytes).sort((a, b) => b - a));
      }),
      { numRuns: howMany(200, 1000), seed },
    );
  });
});

describe("overlapping lives", () => {
  it("are found and counted as by comparing each with each", () => {
    fc.assert(
      fc.property(spans(30, 25), (all) => {
        const expected = all.map((a, i) => all.flatMap((b, j) => (i !== j && meet(a, b) ? [j] : [])));
        const { starts, others } = findOverlaps(all);
        const found = all.map((_, i) => [...others.subarray(starts[i], starts[i + 1])].sort((a, b) => a - b));
        expect(found).toEqual(expected);
        expect(2 * countOverlaps(all)).toBe(others.length);
      }),
      { numRuns: howMany(200, 1000), seed },
    );
  });
});

describe("gaps", () => {
  it("takes the smallest that fits, the lowest of equals, at either end", () => {
    const gaps = new Gaps();
    const taken = [10, 1, 6, 1, 6, 1].map((bytes) => gaps.take(bytes, "low"));
    expect(taken).toEqual([0, 10, 11, 17, 18, 24]);
    gaps.release(18, 6);
    gaps.release(11, 6);
    gaps.release(0, 10);
    expect(gaps.take(5, "high")).toBe(12);
    expect(gaps.take(6, "low")).toBe(18);
    expect(gaps.take(7, "low")).toBe(0);
    expect(gaps.height).toBe(25);
  });

  it("joins what is released with its neighbors, and grows from a gap at the end", () => {
    const gaps = new Gaps();
    for (const bytes of [4, 4, 4]) gaps.take(bytes, "low");
    for (const start of [0, 8, 4]) gaps.release(start, 4);
    expect(gaps.take(12, "low")).toBe(0);
    gaps.release(8, 4);
    expect(gaps.take(6, "low")).toBe(8);
    expect(gaps.height).toBe(14);
  });
});

describe("a sweep", () => {
  it.each([
    ["forwards from one end", { backwards: false, bytes: 0 }],
    ["backwards from both", { backwards: true, bytes: 2048 }],
  ])("keeps buffers apart that live at one time: %s", (_, options) => {
    fc.assert(
      fc.property(spans(60, 30), (all) => {
        const end = ({ first, last }: Span) => (last - first > 10 ? "low" : "high");
        expect(collisions(all, sweep(all, { ...options, end }))).toBe(0);
      }),
      { numRuns: howMany(200, 1000), seed },
    );
  });
});

/** Lives and sizes as of large programs. */
function manySpans(count: number, kind: string): Span[] {
  const chance = chanceOf(count);
  const size = () => 64 * Math.ceil(200 * chance() + 1);
  return Array.from({ length: count }, (_, i) => {
    if (kind === "any") return { bytes: size(), first: i, last: i + Math.ceil(chance() ** 3 * 0.5 * count) };
    if (kind === "short") return { bytes: size(), first: i, last: i + Math.ceil(3 * chance()) };
    // Residuals that a forward pass leaves to the backward pass, and what the latter hands on.
    const last = i < count / 2 ? count - i : i + 1;
    return { bytes: kind === "alike" ? 4096 : size(), first: i, last };
  });
}

describe("place", () => {
  it("keeps apart what lives at one time, in at most 15 % more than is needed, but for one of 500 in deep trials", () => {
    // The best plan cannot be found in good time: among very many lives there are some that take up to a quarter more.
    let wasteful = 0;
    fc.assert(
      fc.property(spans(60, 30), (all) => {
        const { offsets, bytes } = place(all);
        expect(collisions(all, offsets)).toBe(0);
        expect(heightOf(all, offsets)).toBe(bytes);
        expect(bytes).toBeLessThanOrEqual(1.25 * peakOf(all).bytes);
        if (bytes > 1.15 * peakOf(all).bytes) wasteful++;
      }),
      { numRuns: howMany(300, 1500), seed },
    );
    expect(wasteful).toBeLessThanOrEqual(howMany(0, 3));
  });

  it.each(
    ["any", "short", "alike", "nested"].flatMap((kind) =>
      [300, 1500, 5000].map((count) => [kind, count] as const),
    ),
  )("wastes at most 15 per cent on %s lives of %i buffers", (kind, count) => {
    const all = manySpans(count, kind);
    const { offsets, bytes } = place(all);
    expect(bytes).toBeLessThanOrEqual(1.15 * peakOf(all).bytes);
    expect(collisions(all, offsets)).toBe(0);
  });

  it("places nothing in no bytes", () => {
    expect(place([]).bytes).toBe(0);
    expect(place([{ bytes: 0, first: 0, last: 3 }])).toEqual({ offsets: [0], bytes: 0 });
  });
});
