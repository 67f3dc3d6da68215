/** Whoever makes elements may write the next one into the same arrays; what is no number is refused. */
import { describe, expect, it } from "vitest";
import { Dataset } from "../../../src/data/index.ts";
import { rejection } from "../refusal.ts";

/** Examples in one buffer, each written over the one before. */
function* reusing() {
  const example = { x: new Float32Array(2), y: [0], tag: "" };
  for (let i = 0; i < 6; i++) {
    example.x.fill(i);
    example.y[0] = i;
    example.tag = `${i}`;
    yield example;
  }
}

const rows = Float32Array.of(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5);

describe("a buffer that is used again", () => {
  it("does not make all rows of a batch the last one", async () => {
    const [batch] = await Dataset.fromIterable(reusing).batch(6).toArray();
    expect(batch).toEqual({
      x: rows,
      y: Float32Array.of(0, 1, 2, 3, 4, 5),
      tag: ["0", "1", "2", "3", "4", "5"],
    });
  });

  it("does not change what is shuffled or fetched ahead", async () => {
    const shuffled = await Dataset.fromIterable(reusing).shuffle({ bufferSize: 4 }).batch(6).toArray();
    expect([...(shuffled[0]?.x ?? [])].sort()).toEqual([...rows]);
    const seen: number[] = [];
    for await (const { y } of Dataset.fromIterable(reusing).prefetch(6)) seen.push(y[0] as number);
    expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("does so in Node's buffers too, whose slices share memory", async () => {
    function* bytes() {
      const buffer = Buffer.alloc(2);
      for (let i = 0; i < 3; i++) yield buffer.fill(i);
    }
    const [batch] = await Dataset.fromIterable(bytes).batch(3).toArray();
    expect(batch).toEqual(Uint8Array.of(0, 0, 1, 1, 2, 2));
  });

  it("is copied in batches that are fetched ahead, which can still be taken apart", async () => {
    const batches = Dataset.fromIterable(reusing).batch(2).prefetch(2);
    const parts = await batches.unbatch().toArray();
    expect(parts.map(({ x }) => (x as Float32Array)[0])).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe("an example of a batch", () => {
  const batched = (...list: unknown[]) => rejection(Dataset.fromIterable(list).batch(9).toArray());

  it.each<[string, unknown[], string]>([
    [
      "with an empty cell",
      // biome-ignore lint/suspicious/noSparseArray: it is what is tested
      [[1, , 3]],
      "element 0 has undefined among its numbers; needs numbers only. Leave the row out or fill in a value.",
    ],
    [
      "with nothing for a number",
      [
        [1, 2],
        [3, null],
      ],
      "element 1 has null among its numbers",
    ],
    [
      "with true",
      [
        [1, 2],
        [3, true],
      ],
      "element 1 has true among its numbers; needs numbers only. Give 1 for true",
    ],
    [
      "with a Date",
      [
        [1, 2],
        [3, new Date(0)],
      ],
      "element 1 has an object (Date) among its numbers; needs numbers only. Give its getTime()",
    ],
    [
      "nested to uneven depth",
      [[1, [2, 3]]],
      "element 0 is ragged: it has a list of 2 where a number belongs",
    ],
    [
      "unlike the first in depth",
      [
        [1, 2],
        [[3], [4]],
      ],
      "element 1 is ragged: it has a list of 1 where a number belongs",
    ],
    ["beyond f32", [[1, 1e39]], "element 0 has 1e+39; needs numbers within the range of f32"],
  ])("%s is refused", async (_, list, says) => {
    expect(await batched(...list)).toContain(`DataError: Dataset.batch: ${says}`);
  });

  it("is refused when it holds itself", async () => {
    const list: unknown[] = [];
    list.push(list);
    expect(await batched(list)).toContain("DataError: Dataset.batch: element 0: has more than 32 lists");
    const fields: Record<string, unknown> = {};
    fields.again = fields;
    expect(await batched(fields)).toContain("fields in one another beyond 32");
  });
});
