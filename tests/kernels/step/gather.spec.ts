import { SourceKind } from "../../../assembly/isa/control";
import { gather } from "../../../assembly/kernels/step/gather";

const SOURCE_ROWS: u32 = 6;
const MOST_COLUMNS: u32 = 84;
const SENTINEL: u32 = 0x7fc0beef;

/** Six rows of n columns with signs, fractions and a negative zero. */
function fillFloats(source: usize, columns: u32): void {
  for (let i: u32 = 0; i < SOURCE_ROWS * columns; i++) {
    store<f32>(source + (<usize>i << 2), (<f32>((i * 37) % 101) - 50) * 0.37);
  }
  if (columns) store<f32>(source, -0.0);
}

function fillBytes(source: usize, columns: u32): void {
  for (let i: u32 = 0; i < SOURCE_ROWS * columns; i++) store<u8>(source + i, <u8>(i * 83 + 250));
}

/** Rows 4, 0, 5, 4, 2 of the source: with first = 1, the last four. */
function makeOrder(): usize {
  const order = heap.alloc(5 << 2);
  store<u32>(order, 4);
  store<u32>(order, 0, 4);
  store<u32>(order, 5, 8);
  store<u32>(order, 4, 12);
  store<u32>(order, 2, 16);
  return order;
}

/** Gathers `rows` rows and checks each element, and the eight floats after the last. */
function check(
  y: usize,
  source: usize,
  kind: u32,
  order: usize,
  first: u32,
  rows: u32,
  columns: u32,
  scale: f32,
  offset: f32,
): void {
  const n = rows * columns;
  for (let i: u32 = 0; i < n + 8; i++) store<u32>(y + (<usize>i << 2), SENTINEL);
  gather(y, source, kind, order, first, rows, columns, scale, offset);
  let wrong = 0;
  for (let r: u32 = 0; r < rows; r++) {
    const row = order ? load<u32>(order + (<usize>(first + r) << 2)) : first + r;
    for (let c: u32 = 0; c < columns; c++) {
      const at = row * columns + c;
      const x = kind == SourceKind.U8 ? <f32>load<u8>(source + at) : load<f32>(source + (<usize>at << 2));
      const copies = kind == SourceKind.F32 && scale == 1 && offset == 0;
      // f32 · f32 is exact in f64, so rounding it gives the f32 product; a sum of two f32, rounded from f64, likewise
      // is the f32 sum (Figueroa 1995: 53 ≥ 2 · 24 + 2).
      const product = <f32>(<f64>scale * <f64>x);
      const expected = copies ? x : <f32>(<f64>product + <f64>offset);
      if (load<u32>(y + (<usize>(r * columns + c) << 2)) != reinterpret<u32>(expected)) wrong++;
    }
  }
  for (let i = n; i < n + 8; i++) {
    if (load<u32>(y + (<usize>i << 2)) != SENTINEL) wrong++;
  }
  expect(wrong).toBe(0, `${rows} rows of ${columns}: floats that differ`);
}

/** Every width of tail, with and without an order, for one kind of source. */
function checkWidths(kind: u32, scale: f32, offset: f32): void {
  const source = heap.alloc(<usize>(SOURCE_ROWS * MOST_COLUMNS) << 2),
    y = heap.alloc(<usize>(5 * MOST_COLUMNS + 8) << 2);
  const order = makeOrder();
  for (let columns: u32 = 0; columns <= MOST_COLUMNS; columns += columns < 36 ? 1 : 7) {
    if (kind == SourceKind.U8) fillBytes(source, columns);
    else fillFloats(source, columns);
    check(y, source, kind, order, 1, 4, columns, scale, offset);
    check(y, source, kind, 0, 2, 3, columns, scale, offset);
  }
  check(y, source, kind, order, 0, 0, 5, scale, offset);
  check(y, source, kind, 0, 0, 0, 5, scale, offset);
  check(y, source, kind, order, 4, 1, 1, scale, offset);
  heap.free(source);
  heap.free(y);
  heap.free(order);
}

describe("gather", () => {
  it("copies f32 rows bit by bit at scale 1 and offset 0", () => checkWidths(SourceKind.F32, 1, 0));
  it("scales and shifts f32 rows, rounding twice", () => checkWidths(SourceKind.F32, 0.3, -1.7));
  it("shifts f32 rows at scale 1", () => checkWidths(SourceKind.F32, 1, 0.1));
  it("converts bytes", () => checkWidths(SourceKind.U8, 1, 0));
  it("scales and shifts bytes, rounding twice", () =>
    checkWidths(SourceKind.U8, <f32>(1.0 / 255.0), -0.1307));

  it("keeps NaN and infinity, and the payload of a copied NaN", () => {
    const source = heap.alloc(16), y = heap.alloc(16);
    store<u32>(source, 0x7fc12345);
    store<f32>(source, <f32>Infinity, 4);
    store<f32>(source, <f32>-Infinity, 8);
    gather(y, source, SourceKind.F32, 0, 0, 1, 3, 1, 0);
    expect(memory.compare(y, source, 12)).toBe(0);
    gather(y, source, SourceKind.F32, 0, 0, 3, 1, -2, 1);
    expect(isNaN(load<f32>(y))).toBe(true);
    expect(load<f32>(y, 4)).toBe(<f32>-Infinity);
    expect(load<f32>(y, 8)).toBe(<f32>Infinity);
    heap.free(source);
    heap.free(y);
  });
});
