import type { Size } from "../graph/shape.js";
import { type Instruction, isPlace, type PlacedOperand } from "./instruction.js";

/** What an instruction has to do, whatever it takes. */
export interface Work {
  /** Multiplications of products and convolutions, each with an addition; 0 for all else. */
  readonly multiplications: number;
  /** Bytes of its operands, each counted as often as it is read or written whole. */
  readonly bytes: number;
}

/** Of instructions without a result: operands that they read and leave as they are. All others they write, too. */
const LEFT: Readonly<Record<string, readonly string[]>> = {
  Report: ["value"],
  GradientNorm: ["gradient", "parameter"],
  CheckFinite: ["x"],
  Measure: ["x"],
  RunningAverage: ["value"],
  MovingAverage: ["parameter"],
  ClipGradient: [],
};

/** The operands that an instruction without a result writes. A fact of `profile` alone, so that nobody else carries it. */
export function writtenBy({ kind: { result, reads, name } }: Instruction): readonly string[] {
  if (result !== null) return [];
  const left = LEFT[name] ?? ["gradient"];
  return reads.filter((field) => !left.includes(field));
}

/** The work of an instruction over so many rows, as the facts of its kind have it. */
export function workOf(one: Instruction, rows: number): Work {
  const { kind, operands } = one;
  const { result, reads, multiplies } = kind;
  const factors = multiplies?.map((field) => countOf(operands[field] ?? null, rows));
  const touched = [...(result === null ? [] : [result]), ...reads, ...writtenBy(one)];
  return {
    multiplications: factors?.reduce((all, one) => all * one, 1) ?? 0,
    bytes: touched.reduce((sum, field) => sum + 4 * floatsOf(operands[field] ?? null, rows), 0),
  };
}

const elements = ({ factor, perRow }: Size, rows: number) => (perRow ? factor * rows : factor);

/** Floats that an operand has; none for one that is left out. */
export const floatsOf = (operand: PlacedOperand, rows: number): number =>
  operand !== null && isPlace(operand) ? elements(operand.size, rows) : 0;

function countOf(operand: PlacedOperand, rows: number): number {
  if (typeof operand === "number") return operand;
  return operand !== null && "count" in operand ? elements(operand.count, rows) : 1;
}
