/** Every loss and its gradient against PyTorch (tests/peers/torch/losses.py), by the engine in f32. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { backward } from "../../src/graph/backward.ts";
import { ops } from "../../src/graph/primitives/index.ts";
import { source } from "../../src/graph/primitives/step/source.ts";
import { elements, ROWS } from "../../src/graph/shape.ts";
import type { Value } from "../../src/graph/value.ts";
import * as library from "../../src/index.ts";
import type { LossName } from "../../src/losses/index.ts";
import { reduceLosses } from "../../src/losses/reduction.ts";
import { chainRule } from "../cases/gradients.ts";
import { GraphProgram } from "../cases/run.ts";

interface Tensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Case {
  readonly loss: LossName;
  readonly options: Readonly<Record<string, unknown>>;
  readonly note: string;
  /** Places in `tensors`. */
  readonly prediction: number;
  readonly target?: number;
  readonly sampleWeight?: readonly number[];
  readonly value: number;
  readonly gradient: readonly number[];
}

const { cases, tensors } = JSON.parse(
  readFileSync(new URL("../peers/torch/losses.json", import.meta.url), "utf8"),
) as { readonly cases: readonly Case[]; readonly tensors: readonly Tensor[] };

/** Outputs through which each loss finds the logits: its result is the same as on the logits themselves. */
const activations: { readonly [name in LossName]?: readonly ((x: Value) => Value)[] } = {
  crossEntropy: [ops.softmax],
  focal: [ops.softmax],
  klDivergence: [ops.softmax, ops.logSoftmax],
  ctc: [ops.softmax, ops.logSoftmax],
  binaryCrossEntropy: [ops.sigmoid],
  binaryFocal: [ops.sigmoid],
};

const makers = new Map(Object.entries(library)) as unknown as ReadonlyMap<
  string,
  (options: object) => library.Loss
>;

const identity = (x: Value) => x;

interface Found {
  readonly value: number;
  readonly gradient: Float32Array;
}

/** Loss and gradient by the prediction, of a step that has room for two rows more. */
function run(one: Case, activation: (x: Value) => Value): Found {
  const loss = makers.get(one.loss)!(one.options);
  const { shape, data } = tensors[one.prediction]!;
  const [rows, ...row] = shape as [number, ...number[]];
  const sources = [Float32Array.from(data)];
  const from = (given: Tensor): Value => {
    sources.push(Float32Array.from(given.data));
    return source({ slot: sources.length - 1, row: given.shape.slice(1), scale: 1, offset: 0 });
  };
  const x = source({ slot: 0, row, scale: 1, offset: 0 });
  const target = one.target === undefined ? x : from(tensors[one.target]!);
  const weight = one.sampleWeight && from({ shape: [rows], data: one.sampleWeight });
  const terms = loss.build(activation(x), target);
  const value = reduceLosses(loss.name, terms, loss.reduction, weight).value;
  const [gradient] = backward(value, [x], chainRule);
  const found = new GraphProgram([value, gradient!], { maxRows: rows + 2 }).run({ rows, sources });
  return { value: found[0]![0]!, gradient: found[1]! };
}

/** Largest |found − expected|, in units of the expected number or of `floor` where that is larger. */
const errorOf = (found: ArrayLike<number>, expected: readonly number[], floor: number): number =>
  expected.reduce(
    (most, wanted, i) => Math.max(most, Math.abs(found[i]! - wanted) / Math.max(Math.abs(wanted), floor)),
    0,
  );

const title = ({ loss, options, note }: Case) =>
  `${loss} ${JSON.stringify(options)}${note === "" ? "" : `: ${note.trim()}`}`;

describe("PyTorch's numbers", () => {
  it("are of every loss by name, with extremes and both reductions", () => {
    const named = new Set(cases.map(({ loss }) => loss));
    expect(named.size).toBe(20);
    for (const name of named) {
      const own = cases.filter(({ loss }) => loss === name);
      expect(own.some(({ options }) => options.reduction === "sum")).toBe(true);
    }
    expect(tensors.filter(({ data }) => data.includes(50) || data.includes(-50)).length).toBeGreaterThan(7);
  });

  it.each(cases.map((one) => [title(one), one] as const))("%s", (_, one) => {
    for (const activation of [identity, ...(activations[one.loss] ?? [])]) {
      const { value, gradient } = run(one, activation);
      expect(gradient.length).toBe(
        elements([ROWS, ...tensors[one.prediction]!.shape.slice(1)], tensors[one.prediction]!.shape[0]!),
      );
      // Where terms cancel, as p − t does, f32 keeps what it keeps of the terms.
      const floor = Math.max(...one.gradient.map(Math.abs)) / 50;
      expect(errorOf([value], [one.value], 0.1)).toBeLessThan(1e-6);
      expect(errorOf(gradient, one.gradient, floor)).toBeLessThan(1e-5);
    }
  });
});
