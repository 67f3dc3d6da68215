import { MATMUL_KC, MATMUL_MC, MATMUL_MR, MATMUL_NC, MATMUL_NR } from "../../../assembly/isa/limits.js";
import { BatchMatmulRecord, MatmulOp, MatmulRecord } from "../../../assembly/isa/matmul.js";
import { Family } from "../../../assembly/isa/op.js";
import { fact, family } from "./fact.js";

const roundUp = (x: number, multiple: number) => Math.ceil(x / multiple) * multiple;

/** Room to pack blocks of both operands: see the docstring of matmul in assembly/kernels/matmul/matmul.ts. */
function packing(size: (field: "m" | "n" | "k") => number): number {
  const packedRows = roundUp(Math.min(size("m"), MATMUL_MC), MATMUL_MR);
  const packedColumns = roundUp(Math.min(size("n"), MATMUL_NC), MATMUL_NR);
  return 4 * (Math.min(size("k"), MATMUL_KC) * (packedRows + packedColumns) + 4 * MATMUL_NR);
}

export const matmulKinds = family("matmul", Family.Matmul, MatmulOp, {
  Matmul: fact(MatmulRecord, {
    result: "y",
    reads: ["a", "b", "bias"],
    multiplies: ["m", "n", "k"],
    scratch: packing,
  }),
  BatchMatmul: fact(BatchMatmulRecord, {
    result: "y",
    reads: ["a", "b"],
    multiplies: ["batch", "m", "n", "k"],
    scratch: packing,
  }),
});
