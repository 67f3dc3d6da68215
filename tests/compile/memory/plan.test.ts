/** Buffers share room only when they are not needed at the same time, and share it well. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Form } from "../../../assembly/isa/matmul.ts";
import type { Lifetime, Plan } from "../../../src/compile/memory/plan.ts";
import { ops } from "../../../src/graph/primitives/index.ts";
import { schedule } from "../../../src/graph/schedule.ts";
import { ROWS, type Shape } from "../../../src/graph/shape.ts";
import type { Value } from "../../../src/graph/value.ts";
import { dense } from "../../../src/layers/dense/dense.ts";
import { input } from "../../../src/layers/input.ts";
import type { Node } from "../../../src/layers/layer.ts";
import { add } from "../../../src/layers/merging/merging.ts";
import { dropout } from "../../../src/layers/noise/dropout.ts";
import { rescale } from "../../../src/layers/shape/reshaping.ts";
import { crossEntropy, type Loss, meanSquaredError } from "../../../src/losses/index.ts";
import type { Network } from "../../../src/network/description.ts";
import { network } from "../../../src/network/network.ts";
import { sequential } from "../../../src/network/sequential.ts";
import { uniform } from "../../cases/domains.ts";
import { randomGraph } from "../../cases/graphs.ts";
import { Loaded } from "../../cases/machine.ts";
import { Inputs } from "../../cases/prepare.ts";
import { GraphProgram, sameBits } from "../../cases/run.ts";
import { howMany } from "../../given/depth.ts";

const seed = Number(process.env.WASMGRAD_SEED ?? 2);

const isApart = (a: Lifetime, b: Lifetime) =>
  a.offset + a.bytes <= b.offset || b.offset + b.bytes <= a.offset;
const isOver = (a: Lifetime, b: Lifetime) => a.last < b.first || b.last < a.first;

/** Pairs of buffers that are needed at the same time and share bytes. */
const collisions = (lifetimes: readonly Lifetime[]) =>
  lifetimes.flatMap((a, i) => lifetimes.slice(i + 1).filter((b) => !isApart(a, b) && !isOver(a, b)));

/** The largest sum of bytes that are needed at one time: no plan takes less. */
function mostLiveBytes(lifetimes: readonly Lifetime[]): number {
  const live = (now: number) =>
    lifetimes.reduce((sum, { bytes, first, last }) => sum + (first <= now && now <= last ? bytes : 0), 0);
  return lifetimes.reduce((most, { first }) => Math.max(most, live(first)), 0);
}

const takenBytes = (lifetimes: readonly Lifetime[]) =>
  lifetimes.reduce((most, { offset, bytes }) => Math.max(most, offset + bytes), 0);

describe("a plan of any graph", () => {
  it("lets no two buffers overlap that are needed at the same time, in at most 15 % more than is needed", () => {
    let shared = 0;
    fc.assert(
      fc.property(randomGraph, ({ roots, maxRows }) => {
        const { plan } = new GraphProgram(roots, { maxRows });
        expect(collisions(plan.lifetimes)).toEqual([]);
        expect(takenBytes(plan.lifetimes)).toBe(plan.arenaBytes);
        expect(plan.arenaBytes).toBeLessThanOrEqual(1.15 * mostLiveBytes(plan.lifetimes));
        const separate = plan.lifetimes.reduce((sum, { bytes }) => sum + bytes, 0);
        if (plan.arenaBytes < separate) shared++;
      }),
      { numRuns: howMany(300, 1500), seed },
    );
    expect(shared).toBeGreaterThan(200);
  });

  it("gives the same bits as a buffer for every value", () => {
    fc.assert(
      fc.property(randomGraph, ({ roots, feed, maxRows }) => {
        const [planned, separate] = [true, false].map((sharing) =>
          new GraphProgram(roots, { maxRows, sharing }).run(feed),
        );
        planned!.forEach((result, i) => {
          expect(sameBits(result, separate![i]!), `root ${i}: ${roots[i]!.op.name}`).toBe(true);
        });
      }),
      { numRuns: howMany(500, 2500), seed },
    );
  });
});

const deep = (x: Node, layers: number, units: number): Node =>
  Array.from({ length: layers }).reduce<Node>((h) => dense(units, "relu")(h), x);

const residual = (x: Node, units: number): Node => add()(x, dense(units)(dense(units, "relu")(x)));

const chainOf = (build: (x: Node) => Node, columns: number): Network => {
  const inputs = input(columns);
  return network({ inputs, outputs: build(inputs) });
};

const NETWORKS: readonly (readonly [string, Network, Loss])[] = [
  [
    "the digits",
    sequential(input(784), dense(128, "relu"), dropout(0.2), dense(10, "softmax")),
    crossEntropy(),
  ],
  [
    "the bench",
    sequential(input(784), dense(256, "relu"), dense(128, "relu"), dense(10, "softmax")),
    crossEntropy(),
  ],
  [
    "images",
    sequential(input(784), rescale(1 / 255), dense(300, "relu"), dense(100, "relu"), dense(10, "softmax")),
    crossEntropy(),
  ],
  ["XOR", sequential(input(2), dense(4, "sigmoid"), dense(1, "sigmoid")), meanSquaredError()],
  ["twelve layers", chainOf((x) => dense(10)(deep(x, 12, 64)), 32), meanSquaredError()],
  [
    "an hourglass",
    sequential(input(256), dense(64, "tanh"), dense(4), dense(64, "tanh"), dense(256)),
    meanSquaredError(),
  ],
  [
    "a residual chain",
    chainOf((x) => residual(residual(residual(dense(64)(x), 64), 64), 64), 20),
    meanSquaredError(),
  ],
];

describe("the plan of the training step", () => {
  const trials = NETWORKS.flatMap(([name, net, loss]) =>
    [1, 7, 64].map((rows) => [name, rows, net, loss] as const),
  );

  it.each(trials)(
    "takes at most 15 %% more than is needed at one time: %s, %i rows",
    (_, rows, net, loss) => {
      const { lifetimes } = new Loaded(net, { loss, rows }).machine.program;
      expect(collisions(lifetimes)).toEqual([]);
      expect(takenBytes(lifetimes)).toBeLessThanOrEqual(1.15 * mostLiveBytes(lifetimes));
    },
  );

  it("takes room for the widest layers, not for all of them, when nothing is kept for a gradient", () => {
    const rows = 16;
    const { machine } = new Loaded(
      chainOf((x) => deep(x, 30, 64), 64),
      { rows },
    );
    expect(machine.program.segments.arena).toBe(2 * rows * 64 * 4);
  });
});

/** Places of values of a graph on x [rows, 5] and w [5]. */
function planned(build: (x: Value, w: Value) => Value[], rows = 2) {
  const inputs = new Inputs({ rows, seed: 1 });
  const add_ = (shape: Shape) => inputs.add({ shape }, uniform(-1, 1)).value;
  const roots = build(add_([ROWS, 5]), add_([5]));
  const program = new GraphProgram(roots, { maxRows: rows });
  return { plan: program.plan, roots, results: () => program.run(inputs.feed) };
}

const offset = ({ places }: Plan, value: Value) =>
  `${places.get(value)!.segment}+${places.get(value)!.offset}`;

describe("an op that works in place", () => {
  it("takes over its input's buffer, link by link", () => {
    const { plan, roots } = planned((x) => [ops.tanh(ops.exp(ops.softmax(ops.relu(x))))]);
    expect(
      new Set(
        schedule(roots)
          .filter(({ op }) => op.name !== "parameter")
          .map((value) => offset(plan, value)),
      ).size,
    ).toBe(1);
    expect(plan.lifetimes).toHaveLength(1);
  });

  it("takes over the second input's buffer when the first is needed later", () => {
    const { plan, roots } = planned((x) => {
      const [a, b] = [ops.exp(x), ops.tanh(x)];
      return [ops.add(a, b), b];
    });
    const [a] = roots[0]!.inputs;
    expect(offset(plan, roots[0]!)).toBe(offset(plan, a!));
    expect(offset(plan, roots[1]!)).not.toBe(offset(plan, a!));
  });

  it("takes over what a view shows", () => {
    const { plan, roots } = planned((x) => [ops.exp(ops.reshape(ops.tanh(x), { shape: [ROWS, 5, 1] }))]);
    expect(plan.lifetimes).toHaveLength(1);
    expect(offset(plan, roots[0]!)).toBe(offset(plan, schedule(roots)[0]!));
  });

  it("takes over an input that is both of its operands, element for element", () => {
    const { plan, roots } = planned((x) => [ops.multiply(x, ops.reshape(x, { shape: [ROWS, 5] }))]);
    expect(plan.lifetimes).toHaveLength(1);
    expect(offset(plan, roots[0]!)).toBe("arena+0");
  });

  it("takes over what a chain of views shows, which others show too", () => {
    const { plan } = planned((x) => {
      const seen = [1, 2].map((n) => ops.reshape(x, { shape: [...new Array<number>(n).fill(1), ROWS, 5] }));
      const flat = seen.map((view) => ops.reshape(view, { shape: [ROWS, 5] }));
      return [ops.tanh(ops.add(flat[0]!, flat[1]!))];
    });
    expect(plan.lifetimes).toHaveLength(1);
  });

  it("leaves an input alone that is needed later, itself or through a view", () => {
    for (const view of [false, true]) {
      const { plan } = planned((x) => {
        const seen = view ? ops.reshape(x, { shape: [ROWS, 1, 5] }) : x;
        const y = ops.exp(x);
        return [ops.add(y, ops.reshape(seen, { shape: [ROWS, 5] }))];
      });
      expect(plan.lifetimes).toHaveLength(2);
    }
  });

  it("leaves a parameter alone", () => {
    const { plan, roots } = planned((_, w) => [ops.exp(w)]);
    expect(offset(plan, roots[0]!)).toBe("arena+0");
  });

  it("leaves a result alone that the host reads", () => {
    const { plan, roots } = planned((x) => [ops.exp(x), x]);
    expect(offset(plan, roots[0]!)).not.toBe(offset(plan, roots[1]!));
  });

  it("leaves a repeated input alone although it fills as many cache lines", () => {
    const { results } = planned((x) => {
      const column = ops.mean(x, { axes: [0] });
      return [ops.add(ops.multiply(x, ops.affine(x, { scale: 0, offset: 0 })), column), column];
    });
    const [sum, column] = results();
    expect([...sum!]).toEqual([...column!, ...column!]);
  });

  it("leaves an input alone that it reads as another operand too", () => {
    const rows = 2;
    const inputs = new Inputs({ rows, seed: 1 });
    const x = ops.exp(inputs.add({ shape: [ROWS, 5] }, uniform(-1, 1)).value);
    const dloss = inputs.add({ shape: [ROWS] }, uniform(-1, 1)).value;
    const y = ops.crossEntropyOneHotGrad(x, x, dloss);
    const [planned_, separate] = [true, false].map(
      (sharing) => new GraphProgram([y], { maxRows: rows, sharing }).run(inputs.feed)[0]!,
    );
    expect(sameBits(planned_!, separate!)).toBe(true);
  });
});

describe("an op that cannot work in place", () => {
  it("writes beside its inputs, even when they are not needed again", () => {
    const { plan, roots } = planned((x, w) => [
      ops.matmul(
        x,
        ops.multiply(ops.broadcastTo(w, { shape: [5, 5], divisor: { factor: 1, perRow: false } }), w),
        { form: Form.AB },
      ),
    ]);
    const [x, kernel] = roots[0]!.inputs;
    expect(new Set([x!, kernel!, roots[0]!].map((value) => offset(plan, value))).size).toBe(3);
  });
});

describe("a view of a parameter", () => {
  it("takes no room, nor does a view of that view", () => {
    const { plan } = planned((x, w) => [
      ops.add(x, ops.reshape(ops.reshape(w, { shape: [5, 1] }), { shape: [1, 5] })),
    ]);
    expect(plan.arenaBytes).toBe(64);
  });
});
