/** What principal components leave over: the best that a linear autoencoder can do (Baldi & Hornik 1989). */

/**
 * Mean of the squared distance of rows of `test` from the plane of the first `count` principal components of `train`,
 * found one after the other by power iteration in f64.
 */
export function principalError(
  train: readonly (readonly number[])[],
  test: readonly (readonly number[])[],
  count: number,
): number {
  const columns = (train[0] as number[]).length;
  const mean = Array.from(
    { length: columns },
    (_, j) => train.reduce((sum, row) => sum + (row[j] as number), 0) / train.length,
  );
  const centered = (rows: readonly (readonly number[])[]) =>
    rows.map((row) => row.map((value, j) => value - (mean[j] as number)));
  let rest = centered(train);
  let left = centered(test);
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
  for (let component = 0; component < count; component++) {
    let axis = Array.from({ length: columns }, (_, j) => 1 / (j + 1));
    for (let i = 0; i < 60; i++) {
      const next = new Array<number>(columns).fill(0);
      for (const row of rest) {
        const share = dot(row, axis);
        row.forEach((value, j) => {
          next[j] = (next[j] as number) + share * value;
        });
      }
      const length = Math.sqrt(dot(next, next));
      axis = next.map((value) => value / length);
    }
    const without = (rows: number[][]) =>
      rows.map((row) => {
        const share = dot(row, axis);
        return row.map((value, j) => value - share * (axis[j] as number));
      });
    rest = without(rest);
    left = without(left);
  }
  return left.reduce((sum, row) => sum + dot(row, row), 0) / test.length;
}
