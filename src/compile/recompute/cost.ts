import { elements, type Size } from "../../graph/shape.js";
import type { Operand, Value } from "../../graph/value.js";
import type { AnyKind } from "../facts/fact.js";

/** Multiplications that take as long as moving one element through an elementwise op. */
const MULTIPLICATIONS_PER_ELEMENT = 8;

/** Times an elementwise op takes when it is a series of its own, an exponential among them. */
const SERIES = 4;

/**
 * How long computing a value takes, in elements that an elementwise op reads or writes: what the instructions that it
 * is lowered to move, and multiply. Only for comparing one way of recomputing with another.
 */
export function costOf(value: Value, rows: number): number {
  const moved = [...value.inputs, value].reduce((sum, { shape }) => sum + elements(shape, rows), 0);
  let cost = 0;
  value.op.lower(
    (kind, operands) => {
      const { isSeries, multiplies } = kind as unknown as AnyKind;
      const named = operands as Readonly<Record<string, Operand>>;
      const products = multiplies?.reduce((all, field) => all * countOf(named[field] ?? 1, rows), 1) ?? 0;
      cost += moved * (isSeries ? SERIES : 1) + products / MULTIPLICATIONS_PER_ELEMENT;
    },
    value.inputs,
    value,
    value.attributes,
  );
  return cost;
}

function countOf(operand: Operand, rows: number): number {
  if (typeof operand === "number") return operand;
  const { factor, perRow } = (operand as { readonly count: Size }).count;
  return perRow ? factor * rows : factor;
}
