import { Op } from "../../../assembly/isa.js";
import { elements, type Size } from "../../graph/shape.js";
import type { Operand, Value } from "../../graph/value.js";

/** Multiplications that take as long as moving one element through an elementwise op. */
const MULTIPLICATIONS_PER_ELEMENT = 8;

/** Times an elementwise op takes when it is a series of its own, an exponential among them. */
const SERIES = 4;

const SERIES_OPS: readonly Op[] = [
  Op.Exp,
  Op.Log,
  Op.Tanh,
  Op.Sigmoid,
  Op.Log1p,
  Op.Expm1,
  Op.Sin,
  Op.Cos,
  Op.Softplus,
  Op.Erf,
  Op.Elu,
  Op.Power,
  Op.Softmax,
  Op.LogSoftmax,
  Op.Dropout,
  Op.UniformNoise,
  Op.NormalNoise,
];

/**
 * How long computing a value takes, in elements that an elementwise op reads or writes: what the instructions that it
 * is lowered to move, and multiply. Only for comparing one way of recomputing with another.
 */
export function costOf(value: Value, rows: number): number {
  const moved = [...value.inputs, value].reduce((sum, { shape }) => sum + elements(shape, rows), 0);
  let cost = 0;
  value.op.lower(
    (op, _, operands) => {
      const named = operands as Readonly<Record<string, Operand>>;
      const sizes = ["batch", "m", "n", "k"].map((field) => named[field] ?? 1);
      const products = isProduct(op) ? sizes.reduce<number>((all, size) => all * countOf(size, rows), 1) : 0;
      cost += moved * (SERIES_OPS.includes(op) ? SERIES : 1) + products / MULTIPLICATIONS_PER_ELEMENT;
    },
    value.inputs,
    value,
    value.attributes,
  );
  return cost;
}

const isProduct = (op: Op) => op === Op.Matmul || op === Op.BatchMatmul;

function countOf(operand: Operand, rows: number): number {
  if (typeof operand === "number") return operand;
  const { factor, perRow } = (operand as { readonly count: Size }).count;
  return perRow ? factor * rows : factor;
}
