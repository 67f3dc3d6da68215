/** Which lines tools/mutations.mjs breaks on purpose, and how. */
import { describe, expect, it } from "vitest";
import { applied, mutationsOf, sampleOf } from "../../tools/mutations.mjs";

const source = "function f(x: 1 | 2) { if (x < 1 && y) throw new Error(`a` + x); return x + 2; }";

describe("lines broken on purpose", () => {
  it("are comparisons, conditions, throws and constants, and no types and no texts", () => {
    const found = mutationsOf("sample.ts", source);
    expect(found.map(({ what }) => what)).toEqual([
      ...["condition negated", "&& → ||", "< → <=", "< → >=", "1 + 1", "throw dropped", "+ → -", "2 + 1"],
    ]);
    const [negated] = found;
    expect(applied(source, negated!)).toContain("if (!(x < 1 && y)) throw");
  });

  it("are drawn by a seed, each once", () => {
    const all = Array.from({ length: 100 }, (_, i) => i);
    expect(sampleOf(all, 10, 1)).toEqual(sampleOf(all, 10, 1));
    expect(sampleOf(all, 10, 1)).not.toEqual(sampleOf(all, 10, 2));
    expect(sampleOf(all, 200, 1)).toEqual(all);
  });
});
