/** Memory is bought with work, never with bits. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Place } from "../../../src/compile/instruction.ts";
import { nodesOf, type RecomputeInput } from "../../../src/compile/memory/nodes.ts";
import { plan } from "../../../src/compile/memory/plan.ts";
import { recompute } from "../../../src/compile/recompute/recompute.ts";
import { type Fitting, planWithin } from "../../../src/compile/recompute/within.ts";
import { ops } from "../../../src/graph/primitives/index.ts";
import { schedule } from "../../../src/graph/schedule.ts";
import { ROWS, sizeOf } from "../../../src/graph/shape.ts";
import type { Value } from "../../../src/graph/value.ts";
import { trainingChain } from "../../cases/chains.ts";
import { uniform } from "../../cases/domains.ts";
import { randomGraph } from "../../cases/graphs.ts";
import { Inputs } from "../../cases/prepare.ts";
import { GraphProgram, sameBits } from "../../cases/run.ts";
import { howMany } from "../../given/depth.ts";

const seed = Number(process.env.WASMGRAD_SEED ?? 2);

const isParameter = ({ op }: Value) => op === (ops.parameter as unknown);

/** What the planner is given for some roots that the host reads. */
function inputOf(roots: readonly Value[], rows: number): RecomputeInput {
  const order = schedule(roots);
  const place = (value: Value): Place => ({
    segment: "parameters",
    offset: 0,
    bytes: 0,
    size: sizeOf(value.shape),
    content: -1,
  });
  const pinned = new Map(order.filter(isParameter).map((value) => [value, place(value)]));
  return { order, pinned, kept: new Set(roots), rows };
}

const countIn = (order: readonly Value[], isOne: (value: Value) => boolean) => order.filter(isOne).length;

/** Each value is computed before it is read. */
function isComputable(order: readonly Value[]): boolean {
  const known = new Set<Value>();
  return order.every((value) => {
    const isReady = value.inputs.every((input) => known.has(input));
    known.add(value);
    return isReady;
  });
}

/** A chain whose first value is used again at its end, and which the budget cannot hold. */
function longUse() {
  const inputs = new Inputs({ rows: 4, seed: 1 });
  const x = inputs.add({ shape: [ROWS, 64] }, uniform(-1, 1)).value;
  const early = ops.tanh(x);
  let y = ops.sum(early, { axes: [1] });
  for (let i = 0; i < 4; i++) {
    const wide = ops.broadcastTo(ops.reshape(y, { shape: [ROWS, 1] }), {
      shape: [ROWS, 128],
      divisor: { factor: 1, perRow: false },
    });
    y = ops.mean(wide, { axes: [1] });
  }
  return { early, root: ops.multiply(early, ops.reshape(y, { shape: [ROWS, 1] })), feed: inputs.feed };
}

describe("recompute", () => {
  it("gives the same bits for any graph and its gradients, under any budget", () => {
    let repeated = 0;
    const share = fc.constantFrom(0, 0.3, 0.5, 0.7, 0.9);
    fc.assert(
      fc.property(randomGraph, share, ({ roots, feed, maxRows }, budget) => {
        const input = inputOf(roots, maxRows);
        const found = recompute(input, budget * plan(input).arenaBytes);
        if (found === undefined) return;
        const { order, final, cost } = found;
        expect(isComputable(order)).toBe(true);
        if (cost > 0) repeated++;
        const moved = roots.map((root) => final.get(root)!);
        const now = new GraphProgram(moved, { maxRows, order }).run(feed);
        const before = new GraphProgram(roots, { maxRows }).run(feed);
        expect(now.map((result, i) => sameBits(result, before[i]!))).toEqual(now.map(() => true));
      }),
      { numRuns: howMany(500, 2500), seed },
    );
    expect(repeated).toBeGreaterThan(150);
  });

  it("leaves an order alone that its budget holds, but for views that nobody needs", () => {
    const input = trainingChain({ layers: 5, width: 16, rows: 8 });
    const { order, cost } = recompute(input, plan(input).arenaBytes)!;
    expect(cost).toBe(0);
    expect(order.filter(({ op }) => !op.view)).toEqual(input.order.filter(({ op }) => !op.view));
  });

  it("computes a value again that is needed much later", () => {
    const { early, root } = longUse();
    const input = inputOf([root], 4);
    const { order } = recompute(input, 0.7 * plan(input).arenaBytes)!;
    expect(countIn(order, ({ op }) => op === early.op)).toBe(2);
  });

  it("draws the same mask again", () => {
    const inputs = new Inputs({ rows: 4, seed: 1 });
    const x = inputs.add({ shape: [ROWS, 64] }, uniform(-1, 1)).value;
    const masked = ops.dropout(x, { rate: 0.5, node: 3 });
    const wide = ops.broadcastTo(ops.sum(masked, { axes: [0, 1] }), {
      shape: [ROWS, 200],
      divisor: { factor: 1, perRow: false },
    });
    const root = ops.multiply(masked, ops.reshape(ops.mean(wide, { axes: [1] }), { shape: [ROWS, 1] }));
    const input = inputOf([root], 4);
    const { order, final } = recompute(input, 0.6 * plan(input).arenaBytes)!;
    expect(countIn(order, ({ op }) => op === masked.op)).toBe(2);
    const now = new GraphProgram([final.get(root)!], { maxRows: 4, order }).run(inputs.feed)[0]!;
    const before = new GraphProgram([root], { maxRows: 4 }).run(inputs.feed)[0]!;
    expect(sameBits(now, before)).toBe(true);
  });

  it("never repeats a report, a gradient that lies in its segment, a result, or a parameter", () => {
    const chain = trainingChain({ layers: 12, width: 64, rows: 64, residual: true });
    const middle = chain.order.find(({ layer, op }) => layer === "layer5" && op.name === "linear")!;
    const input = { ...chain, kept: new Set([middle]) };
    const { order, final, cost } = recompute(input, 0.3 * plan(input).arenaBytes)!;
    expect(cost).toBeGreaterThan(0);
    for (const value of [...input.pinned.keys(), middle, ...input.order.filter(({ op }) => op.effect)]) {
      expect(order).toContain(final.get(value));
      expect(countIn(order, ({ attributes }) => attributes === value.attributes)).toBe(1);
    }
  });

  it("computes once what must not be computed twice, and what follows from it only while it is there", () => {
    const { early, root } = longUse();
    const input = { ...inputOf([root], 4), isEvictable: (value: Value) => value !== early };
    expect(recompute(input, 0)!.cost).toBe(0);
  });

  it("takes nodes by the thousand without recursion, and counts them in proportion", () => {
    const lengths = [500, 2000].map((layers) => {
      const input = trainingChain({ layers, width: 4, rows: 16 });
      const { order } = recompute(input, 0.2 * plan(input).arenaBytes)!;
      expect(isComputable(order)).toBe(true);
      return order.length;
    });
    expect(lengths[1]! / lengths[0]!).toBeLessThan(4.5);
  });
});

describe("planWithin", () => {
  const fitting = (input: RecomputeInput, limit: number) => {
    const found = planWithin(input, limit);
    if (!found.fits) throw new Error(`needs ${found.needsBytes} of ${limit}`);
    return found;
  };

  const work = (input: RecomputeInput) => nodesOf(input).reduce((sum, { cost }) => sum + cost, 0);

  it("leaves alone what fits", () => {
    const input = trainingChain({ layers: 3, width: 16, rows: 8 });
    const { order, cost } = fitting(input, plan(input).arenaBytes);
    expect(order).toBe(input.order);
    expect(cost).toBe(0);
  });

  it.each([false, true])(
    "brings twelve layers under half their memory for a fifth more work (residual: %s)",
    (residual) => {
      const input = trainingChain({ layers: 12, width: 64, rows: 512, residual });
      const natural = plan(input).arenaBytes;
      const { plan: found, cost } = fitting(input, natural / 2);
      expect(found.arenaBytes).toBeLessThanOrEqual(natural / 2);
      expect(cost).toBeLessThan(0.2 * work(input));
    },
  );

  it("brings twelve layers down to a quarter of their memory for twice the work", () => {
    const input = trainingChain({ layers: 12, width: 64, rows: 512 });
    const { cost } = fitting(input, plan(input).arenaBytes / 4);
    expect(cost).toBeLessThan(1.1 * work(input));
  });

  it("computes less again the more memory there is", () => {
    const input = trainingChain({ layers: 48, width: 64, rows: 128 });
    const natural = plan(input).arenaBytes;
    const costs = [0.9, 0.7, 0.5, 0.3, 0.15].map((share) => fitting(input, share * natural).cost);
    expect(costs).toEqual(costs.toSorted((a, b) => a - b));
    expect(costs[0]).toBeGreaterThan(0);
  });

  it("says how many bytes are needed at least: so many are enough, and fewer are not", () => {
    for (const residual of [false, true]) {
      const input = trainingChain({ layers: 12, width: 64, rows: 512, residual });
      const found = planWithin(input, 1024);
      if (found.fits) throw new Error("1024 bytes hold no row of 64 by 512");
      expect(found.needsBytes).toBeLessThan(plan(input).arenaBytes / 3);
      expect(fitting(input, found.needsBytes).plan.arenaBytes).toBe(found.needsBytes);
      expect(planWithin(input, found.needsBytes - 1)).toEqual(found);
    }
  });

  it("finds again, for any graph, the parameters and results that it was given", () => {
    fc.assert(
      fc.property(randomGraph, ({ roots, maxRows }) => {
        const input = inputOf(roots, maxRows);
        const least = planWithin(input, 0);
        const found: Fitting = least.fits ? least : fitting(input, least.needsBytes);
        for (const value of [...roots, ...input.pinned.keys()]) {
          expect(found.plan.places.has(found.final.get(value)!)).toBe(true);
        }
      }),
      { numRuns: howMany(60, 300), seed },
    );
  });
});
