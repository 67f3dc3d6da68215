import {
  distancesChunk,
  measureColumns,
  NEAR,
  PANEL,
  PARTIALS,
  squaresChunk,
  sumBytes,
} from "../../../assembly/kernels/normalize/normalizeColumns";
import { chunksOf, combine, ROWS } from "../../../assembly/kernels/reduce/chunks";
import { lengthsAround, shuffled } from "../chunks";
import { at, buffer, samples } from "../floats";

const FLOATS_OF_PANEL: u32 = 1104;
const SCRATCH = buffer(FLOATS_OF_PANEL);
const OTHER = buffer(FLOATS_OF_PANEL);

/** Whether the means and squares of columns have the bits of their chunks, worked in another order at another place. */
function areOfChunks(outer: u32, columns: u32): bool {
  const stride = <usize>columns << 2, bytes = sumBytes(columns);
  const x = samples(outer * columns, outer);
  const chunks = chunksOf(outer, ROWS);
  measureColumns(SCRATCH, x, outer, stride, columns, 1e-5);
  for (let i: u32 = 0; i < chunks; i++) distancesChunk(OTHER, shuffled(i, chunks), x, outer, stride, columns);
  combine(OTHER + PARTIALS, chunks, bytes);
  let same = true;
  for (let column: u32 = 0; column < columns; column++) {
    const distances = load<f64>(OTHER + PARTIALS + (column << 3));
    const near: f32 = at(x, column) + <f32>(distances / <f64>outer);
    same = same && reinterpret<u32>(near) == load<u32>(SCRATCH + NEAR + (column << 2));
  }
  memory.copy(OTHER + NEAR, SCRATCH + NEAR, PANEL << 2);
  for (let i: u32 = 0; i < chunks; i++) squaresChunk(OTHER, shuffled(i, chunks), x, outer, stride, columns);
  combine(OTHER + PARTIALS, chunks, bytes);
  same = same && memory.compare(OTHER + PARTIALS, SCRATCH + PARTIALS, <usize>columns << 3) == 0;
  heap.free(x);
  return same;
}

describe("the sums of normalizeOuter", () => {
  it("have the same bits in whichever order their chunks are worked", () => {
    const lengths = lengthsAround(ROWS);
    for (let i = 0; i < lengths.length; i++) {
      expect(areOfChunks(lengths[i], PANEL)).toBe(true, `a panel of ${lengths[i]} rows`);
      for (let columns: u32 = 1; columns <= 4; columns++) {
        expect(areOfChunks(lengths[i], columns)).toBe(true, `${columns} columns of ${lengths[i]} rows`);
      }
    }
  });
});
