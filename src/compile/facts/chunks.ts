/** Bytes for the partials of long sums, which kernels cut into chunks: see assembly/kernels/reduce/chunks.ts. */
import { CHUNK_FLOATS, CHUNK_ROWS, SUM_CHUNKS } from "../../../assembly/isa/limits.js";

/**
 * Chunks that up to n terms make at most. The last few terms may make the chunks longer and so fewer, 9 of 65,537 floats
 * for 16 of 65,536: this bound never falls.
 */
const chunks = (n: number, grain: number) => Math.min(SUM_CHUNKS, Math.ceil(n / grain));

/** See assembly/kernels/reduce/longSum.ts. */
export const longSumBytes = (n: number) => (n > CHUNK_FLOATS ? 16 * chunks(n, CHUNK_FLOATS) : 0);

/** f64 of each column, in whole vectors of four floats: see assembly/kernels/reduce/sum.ts and optimizer/constrain.ts. */
export const columnsBytes = (outer: number, inner: number) =>
  chunks(outer, CHUNK_ROWS) * 8 * Math.ceil(inner / 4) * 4;

/** That of columns that are summed in one go unless they are long: see assembly/kernels/reduce/sum.ts. */
export const longColumnsBytes = (outer: number, inner: number) =>
  outer > CHUNK_ROWS ? columnsBytes(outer, inner) : 0;

/** Five vectors of 16 floats, and two of f64 for each chunk: see assembly/kernels/normalize/normalizeColumns.ts. */
export const panelBytes = (outer: number) => 5 * 64 + chunks(outer, CHUNK_ROWS) * 2 * 128;

/** See assembly/kernels/step/measure.ts. */
export const MEASURE_BYTES = SUM_CHUNKS * 80;
