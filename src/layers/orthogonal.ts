/** Vectors that keep less of their length than this are made orthogonal twice: what is left is rounding else. */
const LEAST_SHARE = 1e-3;

/** Σ a[i] b[i] over the n numbers from `a` and `b` on. */
function product(vectors: Float64Array, a: number, b: number, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (vectors[a + i] as number) * (vectors[b + i] as number);
  return sum;
}

/**
 * Makes vectors orthonormal, each by taking away its part along those before: modified Gram–Schmidt in f64, with + − × ÷
 * and √ alone, so that the bits are the same everywhere. That is the Q of their QR decomposition of which R has a
 * positive diagonal.
 *
 * @param vectors count · n numbers, count ≤ n: changed in place
 */
function orthonormalise(vectors: Float64Array, count: number, n: number): void {
  for (let j = 0; j < count; j++) {
    const own = j * n;
    const length = Math.sqrt(product(vectors, own, own, n));
    const clear = () => {
      for (let k = 0; k < j; k++) {
        const along = product(vectors, own, k * n, n);
        for (let i = 0; i < n; i++)
          vectors[own + i] = (vectors[own + i] as number) - along * (vectors[k * n + i] as number);
      }
      return Math.sqrt(product(vectors, own, own, n));
    };
    let left = clear();
    if (left < LEAST_SHARE * length) left = clear();
    if (left === 0) {
      // Nothing but zeros was drawn: for a kernel of one number once in 2^30.
      vectors[own + j] = 1;
      left = clear();
    }
    for (let i = 0; i < n; i++) vectors[own + i] = (vectors[own + i] as number) / left;
  }
}

/**
 * A matrix of orthonormal columns, or rows if they are fewer, made of normal numbers, times `gain`.
 *
 * @param drawn row-major, with so many columns
 */
export function orthogonalised(drawn: Float32Array, columns: number, gain: number): Float32Array {
  const rows = drawn.length / columns;
  const [count, n] = rows < columns ? [rows, columns] : [columns, rows];
  // Vector by vector: a column of a tall matrix lies across its rows.
  const place =
    rows < columns ? (i: number) => i : (i: number) => (i % columns) * n + Math.floor(i / columns);
  const vectors = new Float64Array(drawn.length);
  for (let i = 0; i < drawn.length; i++) vectors[place(i)] = drawn[i] as number;
  orthonormalise(vectors, count, n);
  return drawn.map((_, i) => gain * (vectors[place(i)] as number));
}
