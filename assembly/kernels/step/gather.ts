import { SourceKind } from "../../isa/control";

/** Rows at least this wide are copied by memory.copy; below, its call costs more than the copy. */
const WIDE: u32 = 64;

// The loops test at their end, because V8 computes whatever is constant in one that tests first in every turn.

/** y = scale · x + offset, four lanes; a multiplication and an addition in every build. */
@inline
function affine(x: v128, scale: v128, offset: v128): v128 {
  return f32x4.add(f32x4.mul(scale, x), offset);
}

/** y = x over n floats. */
function copyRow(y: usize, x: usize, n: u32): void {
  if (n >= WIDE) {
    memory.copy(y, x, <usize>n << 2);
    return;
  }
  const end = y + ((<usize>n & ~3) << 2);
  for (; y < end; y += 16, x += 16) v128.store(y, v128.load(x));
  for (let left = n & 3; left > 0; left--, y += 4, x += 4) store<u32>(y, load<u32>(x));
}

/** y = scale · x + offset over n floats. */
function affineRow(y: usize, x: usize, n: u32, scale: f32, offset: f32): void {
  const scales = f32x4.splat(scale), offsets = f32x4.splat(offset);
  const end = y + ((<usize>n & ~3) << 2);
  if (y < end) {
    do {
      v128.store(y, affine(v128.load(x), scales, offsets));
      y += 16;
      x += 16;
    } while (y < end);
  }
  for (let left = n & 3; left > 0; left--, y += 4, x += 4) store<f32>(y, scale * load<f32>(x) + offset);
}

/** Four bytes of a half-widened vector, as floats. */
@inline
function bytesLow(pairs: v128): v128 {
  return f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(pairs));
}

@inline
function bytesHigh(pairs: v128): v128 {
  return f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(pairs));
}

/** y = scale · x + offset over n bytes. */
function bytesRow(y: usize, x: usize, n: u32, scale: f32, offset: f32): void {
  const scales = f32x4.splat(scale), offsets = f32x4.splat(offset);
  const end = x + (<usize>n & ~15);
  if (x < end) {
    do {
      const bytes = v128.load(x);
      const low = i16x8.extend_low_i8x16_u(bytes), high = i16x8.extend_high_i8x16_u(bytes);
      v128.store(y, affine(bytesLow(low), scales, offsets));
      v128.store(y, affine(bytesHigh(low), scales, offsets), 16);
      v128.store(y, affine(bytesLow(high), scales, offsets), 32);
      v128.store(y, affine(bytesHigh(high), scales, offsets), 48);
      x += 16;
      y += 64;
    } while (x < end);
  }
  for (let left = n & 15; left > 0; left--, x++, y += 4) store<f32>(y, scale * <f32>load<u8>(x) + offset);
}

/** One dense run: a row, or all rows where they lie in order. */
@inline
function gatherRun(y: usize, x: usize, n: u32, kind: u32, scale: f32, offset: f32): void {
  if (kind == SourceKind.U8) bytesRow(y, x, n, scale, offset);
  else if (scale == 1 && offset == 0) copyRow(y, x, n);
  else affineRow(y, x, n, scale, offset);
}

/**
 * y[r] = scale · source[order[first + r]] + offset, or source[first + r] where order is 0. The multiplication and the
 * addition round separately, in both builds; scale 1 with offset 0 copies floats bit by bit.
 *
 * @param y [rows, columns] out, may not overlap source
 * @param source [*, columns] dense, f32 or u8 after `kind`, a SourceKind
 * @param order u32 row numbers, which the host has checked; or 0
 * @param first the place in the order of the first row
 */
export function gather(
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
  const sourceStride = kind == SourceKind.U8 ? <usize>columns : <usize>columns << 2;
  if (!order) {
    gatherRun(y, source + <usize>first * sourceStride, rows * columns, kind, scale, offset);
    return;
  }
  order += <usize>first << 2;
  for (let r: u32 = 0; r < rows; r++, order += 4, y += <usize>columns << 2) {
    gatherRun(y, source + <usize>load<u32>(order) * sourceStride, columns, kind, scale, offset);
  }
}
