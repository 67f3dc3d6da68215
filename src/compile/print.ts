import type { Size } from "../graph/shape.js";
import { type Instruction, isPlace, type PlacedOperand } from "./instruction.js";

/**
 * A method as text, one instruction a line:
 *
 *     0  Gather      y=arena+0 source=0 inner=784 scale=1 offset=0     ; input
 *     1  Matmul      y=arena+200704 a=arena+0 b=parameters+0 …         ; dense
 */
export function print(method: readonly Instruction[]): string {
  const width = String(method.length - 1).length;
  return method
    .map(({ kind, operands, layer }, index) => {
      const text = Object.entries(operands).map(([field, operand]) => `${field}=${printOperand(operand)}`);
      return `${String(index).padStart(width)}  ${kind.name.padEnd(22)} ${text.join(" ")}  ; ${layer}`;
    })
    .join("\n");
}

function printOperand(operand: PlacedOperand): string {
  if (operand === null) return "none";
  if (typeof operand === "number") return String(operand);
  if (isPlace(operand)) return `${operand.segment}+${operand.offset}`;
  return "real" in operand ? String(operand.real) : printSize(operand.count);
}

const printSize = ({ factor, perRow }: Size) =>
  perRow ? (factor === 1 ? "rows" : `rows*${factor}`) : String(factor);
