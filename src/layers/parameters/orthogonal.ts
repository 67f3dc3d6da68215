/** Vectors that keep less of their length than this are made orthogonal twice: what is left is rounding else. */
const LEAST_SHARE = 1e-3;

/** Σ a[i] b[i], in four sums, since one would wait for each of its additions: three times as fast on V8 11. */
function product(a: Float64Array, b: Float64Array): number {
  const whole = a.length - (a.length % 4);
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    sum0 += (a[i] as number) * (b[i] as number);
    sum1 += (a[i + 1] as number) * (b[i + 1] as number);
    sum2 += (a[i + 2] as number) * (b[i + 2] as number);
    sum3 += (a[i + 3] as number) * (b[i + 3] as number);
  }
  for (let i = whole; i < a.length; i++) sum0 += (a[i] as number) * (b[i] as number);
  return sum0 + sum1 + (sum2 + sum3);
}

const lengthOf = (a: Float64Array) => Math.sqrt(product(a, a));

/** Takes away from a vector what lies along others, which are orthonormal; returns the length that is left. */
function clear(own: Float64Array, others: readonly Float64Array[]): number {
  for (const other of others) {
    const along = product(own, other);
    for (let i = 0; i < own.length; i++) own[i] = (own[i] as number) - along * (other[i] as number);
  }
  return lengthOf(own);
}

/**
 * Makes vectors orthonormal, each by taking away its part along those before: modified Gram–Schmidt in f64, with + − × ÷
 * and √ alone, so that the bits are the same everywhere. That is the Q of their QR decomposition of which R has a
 * positive diagonal.
 *
 * @param vectors at most as many as they are long: changed in place
 */
function orthonormalize(vectors: readonly Float64Array[]): void {
  vectors.forEach((own, j) => {
    const others = vectors.slice(0, j);
    const length = lengthOf(own);
    let left = clear(own, others);
    if (left < LEAST_SHARE * length) left = clear(own, others);
    if (left === 0) {
      // Nothing but zeros was drawn: for a kernel of one number once in 2^30.
      own[j] = 1;
      left = clear(own, others);
    }
    for (let i = 0; i < own.length; i++) own[i] = (own[i] as number) / left;
  });
}

/**
 * A matrix of orthonormal columns, or rows if they are fewer, made of normal numbers, times `gain`.
 *
 * @param drawn row-major, with so many columns
 */
export function orthogonalised(drawn: Float32Array, columns: number, gain: number): Float32Array {
  const rows = drawn.length / columns;
  const isWide = rows < columns;
  const at = (vector: number, i: number) => (isWide ? vector * columns + i : i * columns + vector);
  const [count, length] = isWide ? [rows, columns] : [columns, rows];
  const vectors = Array.from({ length: count }, (_, j) =>
    Float64Array.from({ length }, (__, i) => drawn[at(j, i)] as number),
  );
  orthonormalize(vectors);
  const made = new Float32Array(drawn.length);
  vectors.forEach((vector, j) => {
    vector.forEach((value, i) => {
      made[at(j, i)] = gain * value;
    });
  });
  return made;
}
