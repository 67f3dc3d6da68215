import { MATMUL_KC, MATMUL_MC, MATMUL_MR, MATMUL_NC, MATMUL_NR, Op } from "../../../assembly/isa.js";
import type { Size } from "../../graph/shape.js";
import { align, type Instruction } from "../instruction.js";

/** Bytes that the instructions of a method need at most, one at a time: to pack operands, and for sums of columns. */
export function scratchBytes(method: readonly Instruction[], rows: number): number {
  const needs = method.map(({ op, operands }) => {
    const size = (field: string) => {
      const { factor, perRow } = (operands[field] as { count: Size }).count;
      return perRow ? factor * rows : factor;
    };
    // f64 for each column, in whole vectors of four floats: see assembly/kernels/optimizer/constrain.ts.
    if (op === Op.Constrain) return 8 * Math.ceil(size("inner") / 4) * 4;
    if (op !== Op.Matmul && op !== Op.BatchMatmul) return 0;
    return matmulScratchBytes(size("m"), size("n"), size("k"));
  });
  return align(needs.reduce((most, bytes) => Math.max(most, bytes), 0));
}

/** See the docstring of matmul in assembly/kernels/matmul/matmul.ts. */
function matmulScratchBytes(m: number, n: number, k: number): number {
  const roundUp = (x: number, multiple: number) => Math.ceil(x / multiple) * multiple;
  const packedRows = roundUp(Math.min(m, MATMUL_MC), MATMUL_MR);
  const packedColumns = roundUp(Math.min(n, MATMUL_NC), MATMUL_NR);
  return 4 * (Math.min(k, MATMUL_KC) * (packedRows + packedColumns) + 4 * MATMUL_NR);
}
