/** Numbers on the nodes of a grid, row by row, `columns` in each. */
export interface Grid {
  readonly values: ArrayLike<number>;
  readonly columns: number;
  readonly rows: number;
}

/** Ends of a piece of a contour, in steps of the grid. */
export type Piece = readonly [x1: number, y1: number, x2: number, y2: number];

/**
 * Where a function on a grid is 0, as pieces of lines: marching squares (Lorensen & Cline 1987, in the plane). Of a square
 * whose corners differ crosswise the mean says which of them belong together.
 */
export function contour({ values, columns, rows }: Grid): Piece[] {
  const at = (i: number, j: number) => values[i * columns + j] as number;
  const pieces: Piece[] = [];
  for (let i = 0; i + 1 < rows; i++) {
    for (let j = 0; j + 1 < columns; j++) {
      const [a, b, c, d] = [at(i, j), at(i, j + 1), at(i + 1, j + 1), at(i + 1, j)];
      if (![a, b, c, d].every(Number.isFinite)) continue;
      /** Crossings of the sides: top, right, bottom, left. */
      const cross = (from: number, to: number) => (from > 0 === to > 0 ? undefined : from / (from - to));
      const [top, right, bottom, left] = [cross(a, b), cross(b, c), cross(d, c), cross(a, d)];
      const points = [
        top === undefined ? undefined : ([j + top, i] as const),
        right === undefined ? undefined : ([j + 1, i + right] as const),
        bottom === undefined ? undefined : ([j + bottom, i + 1] as const),
        left === undefined ? undefined : ([j, i + left] as const),
      ].filter((one) => one !== undefined);
      const join = (from: number, to: number) => {
        const [p, q] = [points[from], points[to]];
        if (p !== undefined && q !== undefined) pieces.push([p[0], p[1], q[0], q[1]]);
      };
      if (points.length === 2) join(0, 1);
      if (points.length === 4) {
        const isJoined = (a + b + c + d) / 4 > 0 === a > 0;
        // The corners b and d are cut off where a and c belong together, a and c where they do not.
        join(0, isJoined ? 1 : 3);
        join(isJoined ? 2 : 1, isJoined ? 3 : 2);
      }
    }
  }
  return pieces;
}
