import type { Operand, Value } from "../graph/value.js";
import type { AnyKind } from "./facts/fact.js";
import type { Instruction, Place, PlacedOperand } from "./instruction.js";

const isValue = (operand: Operand): operand is Value =>
  typeof operand === "object" && operand !== null && "op" in operand;

/** Turns values, in the order given, into instructions on their places. */
export function lower(order: readonly Value[], places: ReadonlyMap<Value, Place>): Instruction[] {
  const instructions: Instruction[] = [];
  for (const value of order) {
    const placed = (operand: Operand): PlacedOperand => {
      if (!isValue(operand)) return operand;
      const place = places.get(operand);
      if (place === undefined) throw new Error(`lower: ${operand.op.name} of ${operand.layer} has no place.`);
      return place;
    };
    value.op.lower(
      (kind, operands) => {
        const entries = Object.entries(operands as Record<string, Operand>);
        instructions.push({
          kind: kind as unknown as AnyKind,
          operands: Object.fromEntries(entries.map(([field, operand]) => [field, placed(operand)])),
          layer: value.layer,
        });
      },
      value.inputs,
      value,
      value.attributes,
    );
  }
  return instructions;
}
