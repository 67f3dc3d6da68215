/** What tests of models share: small data, and exact comparison of weights. */
import type { Model, Weights } from "../../src/index.js";

/** A fixed sequence of numbers in [−1, 1), exact in f32: a linear congruential generator (Knuth, TAOCP 2, 3.3.4). */
export function numbers(count: number, seed = 1): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 23 - 1;
  });
}

/** `count` rows of `columns` such numbers. */
export function rowsOf(count: number, columns: number, seed = 1): number[][] {
  const flat = numbers(count * columns, seed);
  return Array.from({ length: count }, (_, i) => flat.slice(i * columns, (i + 1) * columns));
}

/** The bits of all weights, by name: equal only if every bit is. */
export function bitsOf(weights: Weights): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { data }]) => {
      const { buffer, byteOffset, length } = data;
      return [name, [...new Uint32Array(buffer, byteOffset, length)]];
    }),
  );
}

export const weightBits = (model: Model) => bitsOf(model.weights());

/** Resolves after timers and I/O had their turn. */
export const turnOfTheLoop = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

/** What a promise rejects with. @throws when it does not */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("error" in outcome) return outcome.error;
  throw new Error(`expected a rejection, got ${JSON.stringify(outcome.value)}`);
}
