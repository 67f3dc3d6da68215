/**
 * Long sums to few numbers, in a fixed number of chunks and a fixed tree: threads may share them without changing a bit.
 *
 * n terms are cut into at most SUM_CHUNKS chunks of equal length, of which the last may be shorter. The length is a whole
 * number of grains (CHUNK_FLOATS terms of a flat sum, CHUNK_ROWS rows of a sum over rows) and follows from n alone. A
 * chunk is added by the kernel's own loop, and its *partial* has its own place in scratch: it does not matter which
 * thread works which chunk, nor when. Then neighbors are added, and the neighbors of those:
 *
 *     0   1   2   3   4   5   6
 *     └─+─┘   └─+─┘   └─+─┘   │
 *       └───+───┘       └──+──┘
 *           └───────+──────┘
 *
 * That is pairwise summation: the error grows with the logarithm of the number of chunks, not with the number (Higham,
 * The accuracy of floating point summation, SIAM J. Sci. Comput. 14, 1993).
 *
 * Up to one grain a sum is one chunk, so the plain loop, and needs no scratch. A sum whose results are many, such as those
 * of softmax and of losses per row, has no chunks: its rows are shared. A sum that is cut is cut so in every row of every
 * shape: how a row or a column is added follows from its own length, never from how many there are.
 *
 * A thread claims numbers of chunks one by one and calls the kernel's function of one chunk; who finishes the last
 * combines. The host sizes scratch by scratch.ts: partials of f64, a whole number of vectors for each chunk.
 */
import { CHUNK_FLOATS, CHUNK_ROWS, SUM_CHUNKS } from "../../isa/limits";

/** The grain of a sum over floats, and of one over rows. */
export const FLOATS: u32 = CHUNK_FLOATS;
export const ROWS: u32 = CHUNK_ROWS;

/** Terms of a chunk of n. */
export function chunkLength(n: u32, grain: u32): u32 {
  const most = grain * SUM_CHUNKS;
  return n > most ? ((n - 1) / most + 1) * grain : grain;
}

/** Chunks that n terms make; none where there are none. */
export function chunksOf(n: u32, grain: u32): u32 {
  if (n <= grain) return n ? 1 : 0;
  return (n - 1) / chunkLength(n, grain) + 1;
}

/** The address of the first term of a chunk, of terms of `bytes` bytes each. */
export function chunkAt(x: usize, chunk: u32, n: u32, grain: u32, bytes: usize): usize {
  return x + <usize>(chunk * chunkLength(n, grain)) * bytes;
}

/** Terms of a chunk: those of the last are what is left. */
export function termsOf(chunk: u32, n: u32, grain: u32): u32 {
  return min(chunkLength(n, grain), n - chunk * chunkLength(n, grain));
}

/** Bytes of the partial of `inner` columns, in whole vectors of four floats. */
export function columnBytes(inner: u32): usize {
  return <usize>((inner + 3) & ~3) << 3;
}

/** The place of a chunk's partial. */
@inline
export function partialAt(partials: usize, chunk: u32, bytes: usize): usize {
  return partials + <usize>chunk * bytes;
}

/**
 * Adds the partials by the tree; the sum is left in the first.
 *
 * @param partials [chunks, bytes] of f64, in place; bytes a multiple of 16
 */
export function combine(partials: usize, chunks: u32, bytes: usize): void {
  for (let apart: u32 = 1; apart < chunks; apart <<= 1) {
    for (let chunk: u32 = 0; chunk + apart < chunks; chunk += apart << 1) {
      let to = partialAt(partials, chunk, bytes);
      let from = partialAt(partials, chunk + apart, bytes);
      for (const end = to + bytes; to < end; to += 16, from += 16) {
        v128.store(to, f64x2.add(v128.load(to), v128.load(from)));
      }
    }
  }
}
