/**
 * The synthetic rows that every peer trains on, the same numbers in each process.
 *
 * The labels are random and the rows many, so that no peer ever fits them: vanishing gradients become
 * subnormal numbers, which slow the WebAssembly peers 35 times and would measure something else.
 */
export const sizes = [784, 256, 128, 10];
export const batchSize = 64;
export const steps = 200;
/** Of an epoch of convolutions, each of which takes several times as long. */
export const cnnSteps = 40;
export const learningRates = { sgd: 0.01, adam: 1e-4 };

/** Uniform numbers in [0, 1) (mulberry32). */
export function uniform(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** x [rows, 784], labels [rows] in 0..9. */
export function mlpRows(rows) {
  const next = uniform(1);
  const x = Float32Array.from({ length: rows * sizes[0] }, next);
  const labels = Int32Array.from({ length: rows }, () => Math.floor(next() * 10));
  return { x, labels };
}

/** The same rows cut into batches: x [64, 784], labels [64], y [64, 10] one-hot. */
export function mlpBatches(count) {
  const { x, labels } = mlpRows(count * batchSize);
  return Array.from({ length: count }, (_, i) => {
    const batchLabels = labels.slice(i * batchSize, (i + 1) * batchSize);
    const y = new Float32Array(batchSize * 10);
    for (const [row, label] of batchLabels.entries()) y[row * 10 + label] = 1;
    return { x: x.slice(i * batchSize * sizes[0], (i + 1) * batchSize * sizes[0]), labels: batchLabels, y };
  });
}

/** Glorot-uniform weights [rows, columns]. */
export function glorot(rows, columns, seed) {
  const next = uniform(seed);
  const limit = Math.sqrt(6 / (rows + columns));
  return Float32Array.from({ length: rows * columns }, () => (next() * 2 - 1) * limit);
}

/**
 * Floating-point operations of one step's matrix products: forward, weight gradient, and input gradient
 * of every layer but the first. Nothing else is counted, so a share of the roof is never flattered.
 */
export function mlpFlops() {
  return sizes.slice(1).reduce((sum, columns, i) => {
    const product = 2 * batchSize * sizes[i] * columns;
    return sum + product * (i === 0 ? 2 : 3);
  }, 0);
}

/** As mlpFlops, of conv16-pool-conv32-pool-dense10: two 3 × 3 convolutions on 28 × 28 and 14 × 14, and 1568 × 10. */
export function cnnFlops() {
  const first = 2 * batchSize * 28 * 28 * 9 * 16;
  const second = 2 * batchSize * 14 * 14 * 9 * 16 * 32;
  const last = 2 * batchSize * 7 * 7 * 32 * 10;
  return 2 * first + 3 * second + 3 * last;
}

export const xor = { x: [0, 0, 0, 1, 1, 0, 1, 1], y: [0, 1, 1, 0], epochs: 10_000 };
