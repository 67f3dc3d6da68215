/** Sizes that both halves know. Portable: see op.ts. */

/** Sums of a pass: slot 0 holds the loss, the others its parts and the metrics. */
export const SUM_SLOTS = 64;

/** Entries of the epoch log, so the most epochs that one `run` may finish. */
export const LOG_EPOCHS = 128;

/** Entries of the step log, so the most steps that one `run` may take. */
export const LOG_STEPS = 1024;

/** Axes of a Move, the innermost last; those that it does not have are of size 1. */
export const MOVE_AXES = 8;

/** Blocking of matmul, in floats: the host sizes the scratch segment by it. */
export const MATMUL_MR = 4;
export const MATMUL_NR = 8;
export const MATMUL_MC = 128;
export const MATMUL_KC = 256;
export const MATMUL_NC = 1024;

/** How long sums are cut, see kernels/reduce/chunks.ts: the most chunks, and what is always one chunk, in floats or in rows. */
export const SUM_CHUNKS = 16;
export const CHUNK_FLOATS = 4096;
export const CHUNK_ROWS = 256;

/**
 * First byte that belongs to the host. Below it each module of the engine has a range of its own for its constants
 * (tools/families.mjs), since none knows of the others': an overlap would overwrite them in silence.
 */
export const HEAP_BASE = 16384;
