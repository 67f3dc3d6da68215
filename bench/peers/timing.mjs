/**
 * Milliseconds per step of consecutive blocks of `block` steps, for about `seconds`.
 * `finish` runs inside each block's time: it waits for whatever the peer has queued and returns the loss.
 */
export async function timeBlocks(seconds, block, step, finish = () => undefined) {
  const samples = [];
  let loss;
  const end = performance.now() + seconds * 1000;
  do {
    const start = performance.now();
    for (let i = 0; i < block; i++) await step();
    loss = await finish();
    samples.push((performance.now() - start) / block);
  } while (performance.now() < end);
  return { samples, loss };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
