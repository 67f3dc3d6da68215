import {
  CHUNK_FLOATS,
  CHUNK_ROWS,
  MATMUL_KC,
  MATMUL_MC,
  MATMUL_MR,
  MATMUL_NC,
  MATMUL_NR,
  Op,
  SUM_CHUNKS,
} from "../../../assembly/isa.js";
import type { Size } from "../../graph/shape.js";
import { align, type Instruction } from "../instruction.js";

/** Bytes that the instructions of a method need at most, one at a time: to pack operands, and for partials of sums. */
export function scratchBytes(method: readonly Instruction[], rows: number): number {
  const needs = method.map((instruction) => bytesOf(instruction, rows));
  return align(needs.reduce((most, bytes) => Math.max(most, bytes), 0));
}

function bytesOf({ op, operands }: Instruction, rows: number): number {
  const size = (field: string) => {
    const { factor, perRow } = (operands[field] as { count: Size }).count;
    return perRow ? factor * rows : factor;
  };
  switch (op) {
    case Op.Matmul:
    case Op.BatchMatmul:
      return matmulBytes(size("m"), size("n"), size("k"));
    case Op.SumInner:
    case Op.MeanInner:
    case Op.NormalizeInner:
    case Op.NormalizeInnerGrad:
      return longSumBytes(size("inner"));
    case Op.GradientNorm:
    case Op.CheckFinite:
    case Op.ClipGradient:
    case Op.Lbfgs:
      return longSumBytes(size("count"));
    case Op.SumOuter:
    case Op.MeanOuter:
      return size("outer") > CHUNK_ROWS ? columnsBytes(size("outer"), size("inner")) : 0;
    case Op.Constrain:
      return columnsBytes(size("outer"), size("inner"));
    case Op.NormalizeOuter:
    case Op.NormalizeOuterGrad:
      return size("inner") === 1 ? longSumBytes(size("outer")) : panelBytes(size("outer"));
    case Op.Measure:
      return MEASURE_BYTES;
    default:
      return 0;
  }
}

/** See the docstring of matmul in assembly/kernels/matmul/matmul.ts. */
function matmulBytes(m: number, n: number, k: number): number {
  const roundUp = (x: number, multiple: number) => Math.ceil(x / multiple) * multiple;
  const packedRows = roundUp(Math.min(m, MATMUL_MC), MATMUL_MR);
  const packedColumns = roundUp(Math.min(n, MATMUL_NC), MATMUL_NR);
  return 4 * (Math.min(k, MATMUL_KC) * (packedRows + packedColumns) + 4 * MATMUL_NR);
}

/**
 * Chunks that up to n terms make at most. The last few terms may make the chunks longer and so fewer, 9 of 65,537 floats
 * for 16 of 65,536: this bound never falls.
 */
const chunks = (n: number, grain: number) => Math.min(SUM_CHUNKS, Math.ceil(n / grain));

/** See assembly/kernels/reduce/longSum.ts. */
const longSumBytes = (n: number) => (n > CHUNK_FLOATS ? 16 * chunks(n, CHUNK_FLOATS) : 0);

/** f64 of each column, in whole vectors of four floats: see assembly/kernels/reduce/sum.ts and optimizer/constrain.ts. */
const columnsBytes = (outer: number, inner: number) =>
  chunks(outer, CHUNK_ROWS) * 8 * Math.ceil(inner / 4) * 4;

/** Five vectors of 16 floats, and two of f64 for each chunk: see assembly/kernels/normalize/normalizeColumns.ts. */
const panelBytes = (outer: number) => 5 * 64 + chunks(outer, CHUNK_ROWS) * 2 * 128;

/** See assembly/kernels/step/measure.ts. */
const MEASURE_BYTES = SUM_CHUNKS * 80;
