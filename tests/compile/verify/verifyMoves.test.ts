/** A movement that leaves its operands never reaches the engine: it would write over another value. */
import { describe, expect, it } from "vitest";
import { MoveOp } from "../../../assembly/isa/move.ts";
import type { Instruction, PlacedOperand } from "../../../src/compile/instruction.ts";
import { verify } from "../../../src/compile/verify/verify.ts";
import { ops } from "../../../src/graph/primitives/index.ts";
import { ROWS, type Shape } from "../../../src/graph/shape.ts";
import { uniform } from "../../cases/domains.ts";
import { Inputs } from "../../cases/prepare.ts";
import { GraphProgram } from "../../cases/run.ts";

/** Checks the program of a transpose with some operands of its Move replaced. */
function transposed(shape: Shape, replaced: Readonly<Record<string, PlacedOperand>> = {}) {
  const inputs = new Inputs({ rows: 2, seed: 1 });
  const x = inputs.add({ shape }, uniform(-1, 1)).value;
  const permutation = shape.map((_, axis) => shape.length - 1 - axis);
  const { instructions, segments, plan } = new GraphProgram([ops.transpose(x, { permutation })], {
    maxRows: 8,
  });
  const initialized = [...plan.places.values()].filter(({ segment }) => segment === "parameters");
  const change = (one: Instruction): Instruction =>
    one.kind.op === MoveOp.Move ? { ...one, operands: { ...one.operands, ...replaced } } : one;
  return () => verify(instructions.map(change), segments, initialized);
}

const fixed = (factor: number) => ({ count: { factor, perRow: false } });
const perRow = (factor: number) => ({ count: { factor, perRow: true } });

describe("verify", () => {
  it("takes movements with and without rows, and of nothing", () => {
    expect(transposed([5, 7])).not.toThrow();
    expect(transposed([ROWS, 7])).not.toThrow();
    expect(transposed([5, 0, ROWS])).not.toThrow();
  });

  it.each([
    ["an offset of one element", "y", { yOffset: fixed(1) }],
    ["an offset of one element", "x", { xOffset: fixed(1) }],
    ["one index more", "y", { size6: fixed(6) }],
    ["a stride that is larger by one", "y", { y6: fixed(8) }],
    ["a stride that is larger by one", "x", { x7: fixed(6) }],
    ["a stride by the rows", "x", { x7: perRow(5) }],
  ])("refuses %s beyond the end of %s", (_, side, replaced) => {
    // y is [5, 7], its axes 6 and 7 of the eight that a Move has.
    expect(transposed([7, 5], replaced)).toThrow(`moves elements beyond the end of ${side}`);
  });

  it("refuses what fits one row only", () => {
    expect(transposed([ROWS, 7], { xOffset: perRow(1) })).toThrow("moves elements beyond the end of x");
  });
});
