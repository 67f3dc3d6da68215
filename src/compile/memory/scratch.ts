import type { Size } from "../../graph/shape.js";
import { align, type Instruction } from "../instruction.js";

/** Bytes that the instructions of a method need beside their operands at most, one at a time. */
export function scratchBytes(method: readonly Instruction[], rows: number): number {
  const needs = method.map(({ kind, operands }) => {
    const size = (field: string) => {
      const operand = operands[field] as number | { count: Size };
      if (typeof operand === "number") return operand;
      const { factor, perRow } = operand.count;
      return perRow ? factor * rows : factor;
    };
    return kind.scratch?.(size) ?? 0;
  });
  return align(needs.reduce((most, bytes) => Math.max(most, bytes), 0));
}
