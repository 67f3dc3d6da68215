/** A sum over floats to one f64, in the chunks of chunks.ts. */
import { chunkAt, chunksOf, combine, FLOATS, partialAt, termsOf } from "./chunks";

/** Bytes of the partial of one number: it, and a zero that fills the vector. */
export const NUMBER_BYTES: usize = 16;

/**
 * What is added over n floats at a, b and c, with a factor; kernels pass a itself for operands that they have not.
 * Stateless.
 */
@unmanaged
export abstract class Terms {
  abstract sum(n: u32, a: usize, b: usize, c: usize, factor: f64): f64;
}

/** The partial of one chunk of longSum, at its place: what a thread claims. */
export function longSumChunk<T extends Terms>(
  partials: usize,
  chunk: u32,
  n: u32,
  a: usize,
  b: usize,
  c: usize,
  factor: f64,
): void {
  const terms = changetype<T>(0); // a type, never a pointer: methods are @inline and ignore `this`
  const at = chunkAt(0, chunk, n, FLOATS, 4);
  const sum = terms.sum(termsOf(chunk, n, FLOATS), a + at, b + at, c + at, factor);
  v128.store(partialAt(partials, chunk, NUMBER_BYTES), f64x2.replace_lane(f64x2.splat(0), 0, sum));
}

/** Σ of the terms of n floats. */
@inline
export function longSum<T extends Terms>(
  partials: usize,
  n: u32,
  a: usize,
  b: usize,
  c: usize,
  factor: f64,
): f64 {
  const terms = changetype<T>(0);
  if (n <= FLOATS) return terms.sum(n, a, b, c, factor);
  return sumOfChunks<T>(partials, n, a, b, c, factor);
}

function sumOfChunks<T extends Terms>(
  partials: usize,
  n: u32,
  a: usize,
  b: usize,
  c: usize,
  factor: f64,
): f64 {
  const chunks = chunksOf(n, FLOATS);
  for (let chunk: u32 = 0; chunk < chunks; chunk++) {
    longSumChunk<T>(partials, chunk, n, a, b, c, factor);
  }
  combine(partials, chunks, NUMBER_BYTES);
  return load<f64>(partials);
}
