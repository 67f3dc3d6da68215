/** What a movement costs: axes that need no loop of their own have none, and those that the kernel suits are innermost. */
import { describe, expect, it } from "vitest";
import { MOVE_AXES } from "../../assembly/isa/limits.ts";
import { MoveOp } from "../../assembly/isa/move.ts";
import type { Instruction } from "../../src/compile/instruction.ts";
import { ops } from "../../src/graph/primitives/index.ts";
import { evaluate } from "../../src/graph/reference/evaluate.ts";
import { ROWS, type Shape, type Size } from "../../src/graph/shape.ts";
import type { Value } from "../../src/graph/value.ts";
import { tile } from "../../src/ops/shapes.ts";
import { uniform } from "../cases/domains.ts";
import { Inputs } from "../cases/prepare.ts";
import { GraphProgram } from "../cases/run.ts";

/** A program of one op on one input, and what it gives beside what it means. */
function programOf(shape: Shape, build: (x: Value) => Value) {
  const inputs = new Inputs({ rows: 3, seed: 1 });
  const y = build(inputs.add({ shape }, uniform(-1, 1)).value);
  const program = new GraphProgram([y], { maxRows: 4 });
  const [actual] = program.run(inputs.feed) as [Float32Array];
  const [expected] = evaluate([y], inputs.feed);
  return {
    moves: program.instructions.filter(({ kind }) => kind.op === MoveOp.Move),
    actual,
    expected: expected!.data,
  };
}

/** Size, stride in y and stride in x of each axis that a Move walks, as text. */
function loops({ operands }: Instruction): string[] {
  const text = (field: string) => {
    const { factor, perRow } = (operands[field] as { readonly count: Size }).count;
    return perRow ? `${factor}r` : `${factor}`;
  };
  const axes = Array.from(
    { length: MOVE_AXES },
    (_, i) => `${text(`size${i}`)} ${text(`y${i}`)} ${text(`x${i}`)}`,
  );
  return axes.filter((axis) => axis !== "1 0 0");
}

describe("a movement", () => {
  it.each<[string, Shape, (x: Value) => Value, string[]]>([
    [
      "one matrix, where runs of axes change places",
      [2, 3, 4, 5],
      (x) => ops.transpose(x, { permutation: [2, 3, 0, 1] }),
      ["20 6 1", "6 1 20"],
    ],
    [
      "blocks at the end, whatever is dense in x",
      [2, 3, 4],
      (x) => ops.transpose(x, { permutation: [2, 1, 0] }),
      ["3 2 4", "4 6 1", "2 1 12"],
    ],
    [
      "the rows as an axis like any other",
      [ROWS, 3, 4],
      (x) => ops.transpose(x, { permutation: [1, 2, 0] }),
      ["12 1r 1", "1r 1 12"],
    ],
    [
      "one run a row, where the last axes are taken whole",
      [ROWS, 6, 5, 4],
      (x) => ops.slice(x, { starts: [0, 2, 0, 0], sizes: [ROWS, 3, 5, 4], steps: [1, 1, 1, 1] }),
      ["1r 60 120", "60 1 1"],
    ],
    [
      "one run, where all behind the first axis is taken whole",
      [6, ROWS, 4],
      (x) => ops.slice(x, { starts: [2, 0, 0], sizes: [3, ROWS, 4], steps: [1, 1, 1] }),
      ["12r 1 1"],
    ],
    [
      "no axis of size 1",
      [1, 3, 1, 4, 1],
      (x) => ops.transpose(x, { permutation: [4, 3, 2, 1, 0] }),
      ["4 3 1", "3 1 4"],
    ],
    [
      "nothing, where there is nothing",
      [3, 0, ROWS],
      (x) => ops.transpose(x, { permutation: [2, 0, 1] }),
      ["0 0 0"],
    ],
  ])("is %s", (_, shape, build, expected) => {
    const { moves, actual, expected: meant } = programOf(shape, build);
    expect(moves.map(loops)).toEqual([expected]);
    expect(actual).toEqual(Float32Array.from(meant));
  });

  it("takes eight axes that lie apart, and more where some are one", () => {
    const reversed = (rank: number) => (x: Value) =>
      ops.transpose(x, { permutation: Array.from({ length: rank }, (_, i) => rank - 1 - i) });
    const eight = programOf([2, 3, 2, 1, ROWS, 2, 3, 2, 2], reversed(9));
    expect(eight.moves.map((one) => loops(one).length)).toEqual([8]);
    expect(eight.actual).toEqual(Float32Array.from(eight.expected));
    expect(() => programOf(new Array<number>(9).fill(2), reversed(9))).toThrow(
      "takes 9 axes that lie apart; needs at most 8",
    );
    const pairs = programOf(new Array<number>(10).fill(2), (x) =>
      ops.transpose(x, { permutation: [8, 9, 6, 7, 4, 5, 2, 3, 0, 1] }),
    );
    expect(pairs.moves.map((one) => loops(one).length)).toEqual([5]);
    expect(pairs.actual).toEqual(Float32Array.from(pairs.expected));
  });

  it("of more repeats than it has axes is done in two", () => {
    const { moves, actual, expected } = programOf([ROWS, 2, 2, 2, 2], (x) => tile(x, [1, 2, 3, 2, 3]));
    expect(moves).toHaveLength(2);
    expect(actual).toEqual(Float32Array.from(expected));
  });
});
