/** Sums of more than one chunk, through programs: see assembly/kernels/reduce/chunks.ts. */
import { describe, expect, it } from "vitest";
import { CHUNK_FLOATS, CHUNK_ROWS, SUM_CHUNKS } from "../../../assembly/isa/limits.ts";
import { ops } from "../../../src/graph/primitives/index.ts";
import { evaluate } from "../../../src/graph/reference/evaluate.ts";
import { ROWS, type Shape } from "../../../src/graph/shape.ts";
import type { Value } from "../../../src/graph/value.ts";
import { compare } from "../../cases/accuracy.ts";
import type { Input } from "../../cases/case.ts";
import { uniform } from "../../cases/domains.ts";
import { prepare } from "../../cases/prepare.ts";
import { GraphProgram } from "../../cases/run.ts";

const EPSILON = 1e-5;

/** Over all rows: a table of names, which say what is summed, and ops whose results are of the size of 1. */
const OVER_ROWS: readonly (readonly [string, Shape, number, (x: Value, dy: Value) => Value])[] = [
  ["a mean of numbers", [ROWS], CHUNK_FLOATS, (x) => ops.mean(x, { axes: [0] })],
  ["a mean of all elements", [ROWS, 3], CHUNK_FLOATS / 4, (x) => ops.mean(x, { axes: [0, 1] })],
  ["means of columns", [ROWS, 19], CHUNK_ROWS, (x) => ops.mean(x, { axes: [0] })],
  [
    "a normalized column",
    [ROWS, 1],
    CHUNK_FLOATS,
    (x) => ops.normalize(x, { axes: [0], epsilon: EPSILON, centered: true }),
  ],
  [
    "normalized columns",
    [ROWS, 19],
    CHUNK_ROWS,
    (x) => ops.normalize(x, { axes: [0], epsilon: EPSILON, centered: true }),
  ],
  [
    "the gradient of normalized columns",
    [ROWS, 19],
    CHUNK_ROWS,
    (x, dy) => ops.normalizeGrad(x, dy, { axes: [0], epsilon: EPSILON, centered: true }),
  ],
];

describe("a sum over many rows", () => {
  // A few rows more may make fewer chunks: what a program of the most rows has room for must do for fewer, too.
  it.each(OVER_ROWS)("is right in programs that have room for more: %s", (_, shape, grain, build) => {
    const input: Input = { shape, domain: uniform(-2, 3) };
    for (const [rows, spare] of [
      [grain, 1],
      [grain + 1, 0],
      [3 * grain + 5, 0],
      [SUM_CHUNKS * grain, 1],
      [SUM_CHUNKS * grain + 1, 70],
    ] as const) {
      const inputs = [input, input];
      const { y, feed } = prepare({ inputs, build: ([x, dy]) => build(x!, dy!), rows, spare, seed: 3 });
      const [actual] = new GraphProgram([y], { maxRows: rows + spare }).run(feed);
      const { error, message } = compare(actual!, evaluate([y], feed)[0]!.data, { relative: 2e-6 }, 1);
      expect(error, `${rows} rows, room for ${rows + spare}: ${message}`).toBeLessThanOrEqual(2e-6);
    }
  });
});
