/** Who has written what, beside a list of all that was written. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Place } from "../../../src/compile/instruction.ts";
import { Owners } from "../../../src/compile/verify/owners.ts";
import { howMany } from "../../given/depth.ts";

const seed = Number(process.env.WASMGRAD_SEED ?? 2);

const placeAt = (offset: number, bytes: number, content: number): Place => ({
  segment: "arena",
  offset,
  bytes,
  size: { factor: bytes / 4, perRow: false },
  content,
});

const anyPlace = fc.tuple(fc.nat(30), fc.nat(12), fc.nat(5)).map((place) => placeAt(...place));

const overlap = (a: Place, b: Place) =>
  a.bytes > 0 && b.bytes > 0 && a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;

/** The definition: what was written last over any of its bytes is that very place. */
function ownsByList(written: readonly Place[], place: Place): boolean {
  if (place.bytes === 0) return true;
  const last = written.findLast((other) => overlap(other, place));
  return (
    last !== undefined &&
    last.content === place.content &&
    last.offset === place.offset &&
    last.bytes === place.bytes
  );
}

describe("owners", () => {
  it("know what is whole and untouched, after any writes", () => {
    let owned = 0;
    const step = fc.record({ place: anyPlace, isWrite: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        const owners = new Owners(steps.map(({ place }) => place));
        const written: Place[] = [];
        for (const { place, isWrite } of steps) {
          if (isWrite) {
            owners.write(place);
            written.push(place);
          }
          for (const { place: asked } of steps) {
            const expected = ownsByList(written, asked);
            expect(owners.owns(asked)).toBe(expected);
            if (expected && asked.bytes > 0) owned++;
          }
        }
      }),
      { numRuns: howMany(300, 1500), seed },
    );
    expect(owned).toBeGreaterThan(1000);
  });

  it("tell a part, and two halves that touch, from a whole", () => {
    const [whole, low, high] = [placeAt(0, 8, 1), placeAt(0, 4, 1), placeAt(4, 4, 1)] as const;
    const owners = new Owners([whole, low, high]);
    owners.write(whole);
    expect([whole, low, high].map((place) => owners.owns(place))).toEqual([true, false, false]);
    owners.write(low);
    owners.write(high);
    expect([whole, low, high].map((place) => owners.owns(place))).toEqual([false, true, true]);
  });
});
