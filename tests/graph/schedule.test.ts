/** Whatever is needed comes first, or it cannot. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CycleError, schedule } from "../../src/graph/schedule.ts";
import { howMany } from "../given/depth.ts";

interface Node {
  readonly name: number;
  readonly inputs: Node[];
}

/** Nodes whose inputs are given by number. */
function nodes(inputs: readonly (readonly number[])[]): Node[] {
  const all = inputs.map((_, name): Node => ({ name, inputs: [] }));
  inputs.forEach((numbers, i) => {
    all[i]!.inputs.push(...numbers.map((number) => all[number]!));
  });
  return all;
}

const numberOf = (all: readonly Node[]) => all.map(({ name }) => name);

const anyEdges = fc
  .integer({ min: 1, max: 30 })
  .chain((size) =>
    fc.array(fc.array(fc.nat(size - 1), { maxLength: 3 }), { minLength: size, maxLength: size }),
  );

describe("schedule", () => {
  it("puts every node that the roots need after its inputs, once", () => {
    fc.assert(
      fc.property(anyEdges, (edges) => {
        const all = nodes(edges.map((inputs, i) => inputs.filter((input) => input < i)));
        const order = schedule([all.at(-1)!]);
        order.forEach(({ inputs }, i) => {
          expect(inputs.every((input) => order.indexOf(input) < i && order.includes(input))).toBe(true);
        });
        expect(new Set(order).size).toBe(order.length);
        expect(order.at(-1)).toBe(all.at(-1));
      }),
      { numRuns: howMany(200, 1000), seed: 2 },
    );
  });

  it("keeps the roots' order, and takes a root that another needs where it is needed", () => {
    const all = nodes([[], [0], [0], [2]]);
    expect(numberOf(schedule([all[3]!, all[1]!, all[2]!]))).toEqual([0, 2, 3, 1]);
  });

  it("names the nodes of a circle, each before the one that it needs", () => {
    // 0 needs 1, which needs 2 and 5; 2 needs 3, which needs 1.
    const all = nodes([[1], [5, 2], [3], [4, 1], [], []]);
    try {
      schedule([all[0]!]);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(CycleError);
      expect(numberOf((error as CycleError<Node>).nodes)).toEqual([1, 2, 3]);
      expect((error as Error).message).toBe("3 nodes need each other in a circle.");
    }
  });

  it("finds a node that needs itself", () => {
    const [node] = nodes([[0]]);
    expect(() => schedule([node!])).toThrow(CycleError);
  });

  it("throws exactly when there is a circle, whose nodes do need each other", () => {
    let circles = 0;
    fc.assert(
      fc.property(anyEdges, (edges) => {
        const all = nodes(edges);
        try {
          schedule(all);
          // An order that holds every node after its inputs proves that there is no circle: see above.
          expect(schedule(all)).toHaveLength(all.length);
        } catch (error) {
          circles++;
          const found = (error as CycleError<Node>).nodes;
          found.forEach(({ inputs }, i) => {
            expect(inputs).toContain(found[(i + 1) % found.length]);
          });
        }
      }),
      { numRuns: howMany(200, 1000), seed: 2 },
    );
    expect(circles).toBeGreaterThan(50);
    expect(circles).toBeLessThan(howMany(200, 1000));
  });

  it("takes a chain of a hundred thousand nodes without recursion", () => {
    const all = nodes(Array.from({ length: 100_000 }, (_, i) => (i === 0 ? [] : [i - 1])));
    expect(schedule([all.at(-1)!])).toHaveLength(100_000);
    all[0]!.inputs.push(all.at(-1)!);
    expect(() => schedule([all.at(-1)!])).toThrow("100000 nodes");
  });
});
