/**
 * Compiling takes time in proportion to the graph. Counted, not timed: how often each part of the compiler looks at what
 * it is given, for some number of nodes and for four times as many. A part that compared each with each would look
 * sixteen times as often.
 */
import { describe, expect, it } from "vitest";
import { encode } from "../../src/compile/encode.ts";
import { type Instruction, isPlace, type Place } from "../../src/compile/instruction.ts";
import { lower } from "../../src/compile/lower.ts";
import type { Span } from "../../src/compile/memory/live.ts";
import { place } from "../../src/compile/memory/place.ts";
import { type PlanInput, plan } from "../../src/compile/memory/plan.ts";
import { scratchBytes } from "../../src/compile/memory/scratch.ts";
import { recompute } from "../../src/compile/recompute/recompute.ts";
import { verify } from "../../src/compile/verify/verify.ts";
import { rewrites } from "../../src/graph/primitives/fuse.ts";
import { rewrite } from "../../src/graph/rewrite.ts";
import { schedule } from "../../src/graph/schedule.ts";
import type { Value } from "../../src/graph/value.ts";
import { trainingChain } from "../cases/chains.ts";

/** Counts how often its copies are looked at. */
class Watch {
  looks = 0;

  /** A copy whose fields count when they are read. */
  copy<T extends object>(original: T): T {
    const fields = Object.keys(original).map((field) => {
      const value: unknown = Reflect.get(original, field);
      const get = () => {
        this.looks++;
        return value;
      };
      return [field, { get, enumerable: true }] as const;
    });
    return Object.defineProperties({}, Object.fromEntries(fields)) as T;
  }

  /** A graph that counts, and what stands in it for each of its values. */
  graph(order: readonly Value[]): Map<Value, Value> {
    const copies = new Map<Value, Value>();
    for (const value of order) {
      const inputs = value.inputs.map((input) => copies.get(input)!);
      copies.set(value, this.copy({ ...value, inputs }));
    }
    return copies;
  }

  chain({ order, pinned, kept, rows }: PlanInput): PlanInput {
    const copies = this.graph(order);
    return {
      order: [...copies.values()],
      pinned: new Map([...pinned].map(([value, where]) => [copies.get(value)!, where])),
      kept: new Set([...kept].map((value) => copies.get(value)!)),
      rows,
    };
  }

  instructions(method: readonly Instruction[]): Instruction[] {
    const copies = new Map<unknown, unknown>();
    const copied = (operand: unknown) => {
      if (!isPlace(operand as Place)) return operand;
      if (!copies.has(operand)) copies.set(operand, this.copy(operand as Place));
      return copies.get(operand);
    };
    return method.map((one) => ({
      ...one,
      operands: Object.fromEntries(
        Object.entries(one.operands).map(([field, operand]) => [field, copied(operand)]),
      ) as Instruction["operands"],
    }));
  }
}

/** Everything after the graph is built. */
function compile(input: PlanInput) {
  const planned = plan(input);
  const method = lower(input.order, planned.places);
  const ends = { parameters: 0, gradients: 0, slots: 0, arena: planned.arenaBytes, scratch: 0 };
  for (const { segment, offset, bytes } of input.pinned.values()) {
    ends[segment] = Math.max(ends[segment], offset + bytes);
  }
  const segments = { ...ends, scratch: scratchBytes(method, input.rows) };
  const given = [...planned.places.values()].filter(({ segment }) => segment === "parameters");
  return { planned, method, segments, check: () => verify(method, segments, given) };
}

const chainOf = (layers: number) => trainingChain({ layers, width: 8, rows: 4 });

/** How often it is looked at for some size, and for four times that. */
function growth(size: number, count: (size: number) => number): number {
  const [once, again] = [count(size), count(4 * size)];
  expect(once).toBeGreaterThan(size);
  return again! / once!;
}

/** Four times, and what a logarithm adds. */
const IN_PROPORTION = 5.5;

const LAYERS = 150;

describe("compiling looks at a graph in proportion to its nodes:", () => {
  it("schedule", () => {
    const ratio = growth(LAYERS, (layers) => {
      const watch = new Watch();
      const { order } = watch.chain(chainOf(layers));
      const root = order.at(-1)!;
      watch.looks = 0;
      schedule([root]);
      return watch.looks;
    });
    expect(ratio).toBeLessThan(IN_PROPORTION);
  });

  it("rewrite", () => {
    const ratio = growth(LAYERS, (layers) => {
      const watch = new Watch();
      const { order } = watch.chain(chainOf(layers));
      watch.looks = 0;
      rewrite(order.slice(-1), rewrites());
      return watch.looks;
    });
    expect(ratio).toBeLessThan(IN_PROPORTION);
  });

  it("plan", () => {
    const ratio = growth(LAYERS, (layers) => {
      const watch = new Watch();
      const input = watch.chain(chainOf(layers));
      watch.looks = 0;
      plan(input);
      return watch.looks;
    });
    expect(ratio).toBeLessThan(IN_PROPORTION);
  });

  it("recompute, into half the memory", () => {
    const ratio = growth(LAYERS, (layers) => {
      const watch = new Watch();
      const input = watch.chain(chainOf(layers));
      const { arenaBytes } = plan(input);
      watch.looks = 0;
      expect(recompute(input, arenaBytes / 2)?.cost).toBeGreaterThan(0);
      return watch.looks;
    });
    expect(ratio).toBeLessThan(IN_PROPORTION);
  });

  it("lower", () => {
    const ratio = growth(LAYERS, (layers) => {
      const watch = new Watch();
      const input = watch.chain(chainOf(layers));
      const { places } = plan(input);
      watch.looks = 0;
      lower(input.order, places);
      return watch.looks;
    });
    expect(ratio).toBeLessThan(IN_PROPORTION);
  });

  it.each([
    ["that nest", (i: number, count: number) => (i < count / 2 ? count - i : i + 1)],
    ["that are short", (i: number) => i + 1 + (i % 3)],
    ["that last to the end", (_: number, count: number) => count],
  ])("place, with lives %s", (_, last) => {
    const ratio = growth(4000, (count) => {
      const watch = new Watch();
      const spans = Array.from({ length: count }, (_, i) =>
        watch.copy<Span>({ bytes: 64 * (1 + ((i * 7919) % 97)), first: i, last: last(i, count) }),
      );
      place(spans);
      return watch.looks;
    });
    expect(ratio).toBeLessThan(IN_PROPORTION);
  });

  it("verify and encode", () => {
    for (const part of ["verify", "encode"]) {
      const ratio = growth(LAYERS, (layers) => {
        const watch = new Watch();
        const { method, segments } = compile(chainOf(layers));
        const watched = watch.instructions(method);
        const given = watched.flatMap(({ operands }) =>
          Object.values(operands)
            .filter(isPlace)
            .filter(({ segment }) => segment === "parameters"),
        );
        watch.looks = 0;
        if (part === "verify") verify(watched, segments, given);
        else encode(watched, { parameters: 0, gradients: 0, slots: 0, arena: 0, scratch: 0 });
        return watch.looks;
      });
      expect(ratio, part).toBeLessThan(IN_PROPORTION);
    }
  });
});

describe("a network of thousands of layers", () => {
  it.each([
    ["2,000 layers", { layers: 2000, residual: false }],
    ["10,000 nodes and more, with residuals", { layers: 1000, residual: true }],
  ])("compiles: %s", (_, chain) => {
    const input = trainingChain({ ...chain, width: 8, rows: 4 });
    const { planned, method, check } = compile(input);
    expect(input.order.length).toBeGreaterThan(10_000);
    expect(check).not.toThrow();
    expect(
      encode(method, { parameters: 0, gradients: 0, slots: 0, arena: 0, scratch: 0 }).length,
    ).toBeGreaterThan(10_000);
    const needed = planned.lifetimes.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(planned.arenaBytes).toBeLessThan(needed);
  });
});
