import { Pass } from "./pass";

/**
 * Rows of a map with zeros where a window reaches beyond it: what a block of places sees, copied just before its sums.
 * So no operand needs a border, and no plan knows of one.
 *
 * @param to      [rows, columns, pitch] out, pitch bytes a pixel, of which those beyond its channels are 0
 * @param x       [height, width, channels], one image
 * @param first   first row of x, which may lie outside of it, as may `left`, its first column
 */
export function halo(
  to: usize,
  x: usize,
  first: i32,
  rows: u32,
  left: i32,
  columns: u32,
  height: u32,
  width: u32,
  channels: u32,
  pitch: usize,
): void {
  const pixel = <usize>channels << 2;
  const before = <u32>min<i32>(max<i32>(-left, 0), columns);
  const from = <u32>max<i32>(left, 0);
  const inside = from >= width ? 0 : min<u32>(width - from, columns - before);
  const after = columns - before - inside;
  for (let r = first, end = first + <i32>rows; r < end; r++) {
    if (r < 0 || r >= <i32>height || inside == 0) {
      memory.fill(to, 0, columns * pitch);
      to += columns * pitch;
      continue;
    }
    memory.fill(to, 0, before * pitch);
    to += before * pitch;
    const row = x + (<usize>r * width + from) * pixel;
    if (pitch == pixel) memory.copy(to, row, inside * pixel);
    else spread(to, row, inside, pixel, pitch);
    to += inside * pitch;
    memory.fill(to, 0, after * pitch);
    to += after * pitch;
  }
}

/** Pixels a pitch apart, with zeros between them. */
export function spread(to: usize, x: usize, pixels: u32, pixel: usize, pitch: usize): void {
  for (; pixels; pixels--, x += pixel, to += pitch) {
    memory.copy(to, x, pixel);
    memory.fill(to + pixel, 0, pitch - pixel);
  }
}

/**
 * What the rows of a result from `r` on see of an image: the image itself where no place of the pass sees beyond it and
 * its pixels lie as they are wanted, else a copy.
 */
export function sourceOf(
  copy: usize,
  x: usize,
  pass: Pass,
  asItLies: bool,
  r: u32,
  rows: u32,
  pitch: usize,
): usize {
  const first = <i32>(r * pass.rowStep) + pass.firstRow, left = pass.firstColumn;
  if (asItLies) return x + (<usize>first * pass.width + <usize>left) * pitch;
  const seen = pass.rowsSeen(rows), columns = pass.columnsSeen();
  halo(copy, x, first, seen, left, columns, pass.height, pass.width, pass.channels, pitch);
  return copy;
}
