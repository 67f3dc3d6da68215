/** Pooling: the greatest or the mean of each window, channel by channel, and their adjoints. */
import { loadLanes, storeLanes } from "../../lanes/simd";

/** The sizes of a pooling, as they lie in its record: see MaxPool2dRecord in isa/convolution.ts. */
@unmanaged
export class PoolShape {
  height: u32;
  width: u32;
  channels: u32;
  outHeight: u32;
  outWidth: u32;
  windowHeight: u32;
  windowWidth: u32;
  strideHeight: u32;
  strideWidth: u32;
  top: u32;
  bottom: u32;
  left: u32;
  right: u32;
  adaptive: u32;
  countsPadding: u32;
}

/** First place along an axis that window i sees, and the one behind its last. */
@inline
function begin(i: u32, size: u32, out: u32, stride: u32, before: u32, adaptive: u32): u32 {
  if (adaptive) return (i * size) / out;
  return <u32>max<i32>(0, <i32>(i * stride) - <i32>before);
}

@inline
function end(i: u32, size: u32, out: u32, window: u32, stride: u32, before: u32, adaptive: u32): u32 {
  if (adaptive) return ((i + 1) * size + out - 1) / out;
  return <u32>min<i32>(size, <i32>(i * stride + window) - <i32>before);
}

/** Places along an axis that window i counts: its own, or those of it that lie in the padded map. */
@inline
function counted(
  i: u32,
  size: u32,
  out: u32,
  window: u32,
  stride: u32,
  before: u32,
  after: u32,
  adaptive: u32,
  padding: u32,
): u32 {
  const inside =
    end(i, size, out, window, stride, before, adaptive) - begin(i, size, out, stride, before, adaptive);
  return adaptive || !padding ? inside : min(window, size + before + after - i * stride);
}

/** Whether the windows are a mosaic: each place of the map is seen by just one of them. */
function isMosaic(s: PoolShape): bool {
  return (
    !s.adaptive &&
    (s.top | s.bottom | s.left | s.right) == 0 &&
    s.strideHeight == s.windowHeight &&
    s.strideWidth == s.windowWidth &&
    s.outHeight * s.windowHeight == s.height &&
    s.outWidth * s.windowWidth == s.width
  );
}

/** A window of one image: places of the source that it sees. `first`: what an adjoint writes it, else it adds. */
@unmanaged
abstract class Windows {
  abstract each(
    y: usize,
    x: usize,
    dy: usize,
    rows: u32,
    columns: u32,
    row: usize,
    pixel: usize,
    n: u32,
    divisor: f32,
    first: bool,
  ): void;
}

@unmanaged
class Greatest extends Windows {
  // NaN wins, as in PyTorch.
  @inline
  each(
    y: usize,
    x: usize,
    _dy: usize,
    rows: u32,
    columns: u32,
    row: usize,
    pixel: usize,
    n: u32,
    _divisor: f32,
    _first: bool,
  ): void {
    const zero = f32x4.splat(0);
    for (let left = <i32>n; left > 0; left -= 4, x += 16, y += 16) {
      let most = f32x4.splat(-Infinity);
      for (let r: u32 = 0; r < rows; r++) {
        for (let c: u32 = 0, at = x + r * row; c < columns; c++, at += pixel)
          most = f32x4.max(most, loadLanes(at, left, zero));
      }
      storeLanes(y, most, left);
    }
  }
}

@unmanaged
class GreatestGrad extends Windows {
  // The first of equals takes dy, as in PyTorch; of NaNs the first.
  @inline
  each(
    dx: usize,
    x: usize,
    dy: usize,
    rows: u32,
    columns: u32,
    row: usize,
    pixel: usize,
    n: u32,
    _divisor: f32,
    first: bool,
  ): void {
    const zero = f32x4.splat(0);
    for (let left = <i32>n; left > 0; left -= 4, x += 16, dx += 16, dy += 16) {
      let most = f32x4.splat(-Infinity);
      for (let r: u32 = 0; r < rows; r++) {
        for (let c: u32 = 0, at = x + r * row; c < columns; c++, at += pixel)
          most = f32x4.max(most, loadLanes(at, left, zero));
      }
      const d = loadLanes(dy, left, zero);
      let open = i32x4.splat(-1);
      for (let r: u32 = 0; r < rows; r++) {
        for (let c: u32 = 0, at = r * row; c < columns; c++, at += pixel) {
          const value = loadLanes(x + at, left, zero);
          const won = v128.and(open, v128.or(f32x4.eq(value, most), f32x4.ne(value, value)));
          open = v128.andnot(open, won);
          const before = first ? zero : loadLanes(dx + at, left, zero);
          storeLanes(dx + at, f32x4.add(before, v128.and(d, won)), left);
        }
      }
    }
  }
}

@unmanaged
class Mean extends Windows {
  @inline
  each(
    y: usize,
    x: usize,
    _dy: usize,
    rows: u32,
    columns: u32,
    row: usize,
    pixel: usize,
    n: u32,
    divisor: f32,
    _first: bool,
  ): void {
    const zero = f32x4.splat(0), by = f32x4.splat(divisor);
    for (let left = <i32>n; left > 0; left -= 4, x += 16, y += 16) {
      let sum = zero;
      for (let r: u32 = 0; r < rows; r++) {
        for (let c: u32 = 0, at = x + r * row; c < columns; c++, at += pixel)
          sum = f32x4.add(sum, loadLanes(at, left, zero));
      }
      storeLanes(y, f32x4.div(sum, by), left);
    }
  }
}

@unmanaged
class MeanGrad extends Windows {
  @inline
  each(
    dx: usize,
    _x: usize,
    dy: usize,
    rows: u32,
    columns: u32,
    row: usize,
    pixel: usize,
    n: u32,
    divisor: f32,
    first: bool,
  ): void {
    const zero = f32x4.splat(0), by = f32x4.splat(divisor);
    for (let left = <i32>n; left > 0; left -= 4, dx += 16, dy += 16) {
      const d = f32x4.div(loadLanes(dy, left, zero), by);
      for (let r: u32 = 0; r < rows; r++) {
        for (let c: u32 = 0, at = dx + r * row; c < columns; c++, at += pixel) {
          storeLanes(at, f32x4.add(first ? zero : loadLanes(at, left, zero), d), left);
        }
      }
    }
  }
}

/** Each window of each image. @param isGrad whether y is as large as x, and its adjoint's result */
@inline
function eachWindow<W extends Windows>(
  y: usize,
  x: usize,
  dy: usize,
  images: u32,
  s: PoolShape,
  isGrad: bool,
): void {
  const windows = changetype<W>(0);
  const pixel = <usize>s.channels << 2, row = pixel * s.width, image = row * s.height;
  const first = isGrad && isMosaic(s);
  if (isGrad && !first) memory.fill(y, 0, images * image);
  for (; images; images--, x += image) {
    for (let r: u32 = 0; r < s.outHeight; r++) {
      const top = begin(r, s.height, s.outHeight, s.strideHeight, s.top, s.adaptive);
      const rows = end(r, s.height, s.outHeight, s.windowHeight, s.strideHeight, s.top, s.adaptive) - top;
      // prettier-ignore
      const high = counted(r, s.height, s.outHeight, s.windowHeight, s.strideHeight, s.top, s.bottom, s.adaptive, s.countsPadding);
      for (let c: u32 = 0; c < s.outWidth; c++) {
        const left = begin(c, s.width, s.outWidth, s.strideWidth, s.left, s.adaptive);
        const columns = end(c, s.width, s.outWidth, s.windowWidth, s.strideWidth, s.left, s.adaptive) - left;
        // prettier-ignore
        const wide = counted(c, s.width, s.outWidth, s.windowWidth, s.strideWidth, s.left, s.right, s.adaptive, s.countsPadding);
        const place = top * row + left * pixel;
        const to = isGrad ? y + place : y;
        windows.each(to, x + place, dy, rows, columns, row, pixel, s.channels, <f32>(high * wide), first);
        if (isGrad) dy += pixel;
        else y += pixel;
      }
    }
    if (isGrad) y += image;
  }
}

/**
 * y = the greatest of each window.
 *
 * @param y [images, outHeight, outWidth, channels] out
 * @param x [images, height, width, channels]
 */
export function maxPool2d(y: usize, x: usize, images: u32, shape: PoolShape): void {
  eachWindow<Greatest>(y, x, 0, images, shape, false);
}

/** dx: each dy goes to where its window's greatest lies, to the first of equals. Operands as in maxPool2d. */
export function maxPool2dGrad(dx: usize, x: usize, dy: usize, images: u32, shape: PoolShape): void {
  eachWindow<GreatestGrad>(dx, x, dy, images, shape, true);
}

/** y = the mean of each window, over its own places or over those of it that lie in the padded map. */
export function averagePool2d(y: usize, x: usize, images: u32, shape: PoolShape): void {
  eachWindow<Mean>(y, x, 0, images, shape, false);
}

/** dx: each dy in equal parts to what its window sees. */
export function averagePool2dGrad(dx: usize, dy: usize, images: u32, shape: PoolShape): void {
  eachWindow<MeanGrad>(dx, dx, dy, images, shape, true);
}
