import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Dataset } from "../../../src/data/index.ts";
import { rejection } from "../refusal.ts";

const f32 = (...list: number[]) => Float32Array.from(list);

describe("batch", () => {
  it("cuts elements into groups, the last of those that are left", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.float({ noNaN: true }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 8 }),
        async (list, size) => {
          const data = Dataset.fromIterable(list);
          const batches = await data.batch(size).toArray();
          expect(batches.flatMap((batch) => [...batch])).toEqual(list);
          expect(batches.slice(0, -1).every(({ length }) => length === size)).toBe(true);
          expect(batches).toHaveLength(Math.ceil(list.length / size));
          const whole = await data.batch(size, { dropRemainder: true }).toArray();
          expect(whole).toEqual(batches.filter(({ length }) => length === size));
        },
      ),
      { numRuns: 40 },
    );
  });

  it("stacks numbers, rows and named fields as fit takes them", async () => {
    const examples = [
      { x: { image: Uint8Array.of(1, 2), age: 3 }, y: [1, 0], sampleWeight: 0.5, name: "a" },
      { x: { image: Uint8Array.of(4, 5), age: 6 }, y: [0, 1], sampleWeight: 2, name: "b" },
    ];
    const [batch] = await Dataset.fromIterable(examples).batch(8).toArray();
    expect(batch).toEqual({
      x: { image: Uint8Array.of(1, 2, 4, 5), age: f32(3, 6) },
      y: f32(1, 0, 0, 1),
      sampleWeight: f32(0.5, 2),
      name: ["a", "b"],
    });
  });

  it("flattens nested rows, and bytes stay bytes only where all are", async () => {
    const stack = async <T>(...list: T[]) => (await Dataset.fromIterable(list).batch(9).toArray())[0];
    expect(
      await stack(
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 8],
        ],
      ),
    ).toEqual(f32(1, 2, 3, 4, 5, 6, 7, 8));
    expect(await stack<Uint8Array | Uint8ClampedArray>(Uint8Array.of(1), Uint8ClampedArray.of(2))).toEqual(
      Uint8Array.of(1, 2),
    );
    expect(await stack<Uint8Array | number[]>(Uint8Array.of(1), [2])).toEqual(f32(1, 2));
    expect(await stack(Float64Array.of(0.1), Float64Array.of(0.2))).toEqual(f32(0.1, 0.2));
    expect(await stack("a", "b")).toEqual(["a", "b"]);
    expect(await stack(["a"], ["b"])).toEqual([["a"], ["b"]]);
    expect(await stack({ x: 1, y: undefined }, { x: 2 })).toEqual({ x: f32(1, 2) });
  });

  it("refuses an element unlike the first of its batch, by its number", async () => {
    const refuse = (...list: unknown[]) => rejection(Dataset.fromIterable(list).batch(2).toArray());
    expect(await refuse(1, 2, { x: [1, 2] }, { x: [3] })).toBe(
      "DataError: Dataset.batch: element 3: x has 1 numbers; needs 2, as the first of its batch has.",
    );
    expect(await refuse({ x: 1, y: 2 }, { x: 1 })).toBe(
      "DataError: Dataset.batch: element 1 is the fields x; needs x, y, as the first of its batch has.",
    );
    expect(await refuse({ x: 1 }, 3)).toContain("element 1 is 3; needs x");
    expect(await refuse({ x: { a: 1 } }, { x: { b: 1 } })).toContain("element 1: x is the fields b; needs a");
    expect(await refuse(1, undefined)).toContain("element 1 is undefined");
    expect(await refuse([1, 2], [3, null])).toContain("element 1 has null among its numbers");
    expect(await refuse([1], ["a"])).toContain('element 1 has "a" among its numbers');
    expect(await refuse([1], new BigInt64Array(1))).toContain("among its numbers");
  });
});

describe("unbatch", () => {
  it("gives back what was batched", async () => {
    const example = fc.record({
      x: fc.array(fc.float({ noNaN: true }), { minLength: 3, maxLength: 3 }),
      y: fc.nat(9),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(example, { maxLength: 20 }),
        fc.integer({ min: 1, max: 7 }),
        async (list, size) => {
          const back = await Dataset.fromIterable(list).batch(size).unbatch().toArray();
          expect(back).toEqual(list.map(({ x, y }) => ({ x: Float32Array.from(x), y })));
          const again = await Dataset.fromIterable(list).batch(size).unbatch().batch(size).toArray();
          expect(again).toEqual(await Dataset.fromIterable(list).batch(size).toArray());
        },
      ),
      { numRuns: 40 },
    );
  });

  it("takes batches of nested rows", async () => {
    const batches = Dataset.fromIterable([
      {
        x: [
          [1, 2],
          [3, 4],
        ],
        y: ["a", "b"],
      },
    ]);
    expect(await batches.unbatch().toArray()).toEqual([
      { x: [1, 2], y: "a" },
      { x: [3, 4], y: "b" },
    ]);
  });

  it("refuses flat batches whose rows nothing tells", async () => {
    const flat = Dataset.fromIterable([{ x: f32(1, 2, 3, 4), y: f32(0, 1) }]);
    expect(await rejection(flat.unbatch().toArray())).toBe(
      "DataError: Dataset.unbatch: element 0: x and y are flat; needs the number of rows too: { rows }.",
    );
    expect(await rejection(Dataset.fromIterable([3]).unbatch().toArray())).toContain(
      "Dataset.unbatch: element 0 is 3; needs a batch",
    );
  });
});

describe("fromArrays", () => {
  it("gives rows of nested and flat arrays", async () => {
    const data = {
      x: { left: f32(1, 2, 3, 4), right: [[5], [6]] },
      y: Uint8Array.of(7, 8),
      sampleWeight: undefined,
    };
    expect(await Dataset.fromArrays(data).toArray()).toEqual([
      { x: { left: f32(1, 2), right: [5] }, y: 7 },
      { x: { left: f32(3, 4), right: [6] }, y: 8 },
    ]);
    const flat = Dataset.fromArrays({ x: f32(1, 2, 3, 4), y: f32(5, 6) }, { rows: 2 });
    expect(await flat.take(1).toArray()).toEqual([{ x: f32(1, 2), y: 5 }]);
    expect(await Dataset.fromArrays({ x: f32(1, 2), sampleWeight: f32(3) }).toArray()).toEqual([
      { x: f32(1, 2), sampleWeight: 3 },
    ]);
  });

  it("gives copies: what is done to a row does not show in the data", async () => {
    const x = f32(1, 2, 3, 4);
    for (const row of await Dataset.fromArrays({ x }, { rows: 2 }).toArray()) (row.x as Float32Array).fill(0);
    expect(x).toEqual(f32(1, 2, 3, 4));
  });
});
