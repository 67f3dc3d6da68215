/** The gradient of a kernel for each channel. */
import { madd } from "../../lanes/simd";
import { liesInVectors, vectorBytes } from "./depthwise";
import { sourceOf, spread } from "./halo";
import { forwardPass, Pass, PASS_BYTES } from "./pass";
import { ConvolutionShape, lineBytes } from "./shape";
import { tapTable } from "./table";

/** sums[4 taps][4 channels] += Σ over the pixels of some rows of x[pixel + (0, d1, d2, d3)] · dy[pixel]. */
function tile(
  sums: usize,
  pitch: usize,
  x: usize,
  d1: usize,
  d2: usize,
  d3: usize,
  dy: usize,
  rows: u32,
  span: usize,
  xPixel: usize,
  xGap: usize,
): void {
  let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
  do {
    const end = x + span;
    do {
      const d = v128.load(dy);
      s0 = madd(v128.load(x), d, s0);
      s1 = madd(v128.load(x + d1), d, s1);
      s2 = madd(v128.load(x + d2), d, s2);
      s3 = madd(v128.load(x + d3), d, s3);
      x += xPixel;
      dy += pitch;
    } while (x != end);
    x += xGap;
  } while (--rows);
  v128.store(sums, f32x4.add(v128.load(sums), s0));
  v128.store(sums + pitch, f32x4.add(v128.load(sums + pitch), s1));
  v128.store(sums + 2 * pitch, f32x4.add(v128.load(sums + 2 * pitch), s2));
  v128.store(sums + 3 * pitch, f32x4.add(v128.load(sums + 3 * pitch), s3));
}

/**
 * dkernel[a, b, 0, c] = Σ x[n, r · stride + a · dilation − top, …, c] · dy[n, r, …, c] where each channel is a group of
 * its own. A sum goes over one block of rows after the other.
 *
 * @param dkernel [kernelHeight, kernelWidth, 1, channels] out
 * @param scratch table, sums, dy and x of a block: see src/compile/facts/convolution.ts
 */
export function depthwiseGradKernel(
  dkernel: usize,
  x: usize,
  dy: usize,
  images: u32,
  shape: ConvolutionShape,
  scratch: usize,
): void {
  const pass = changetype<Pass>(scratch);
  forwardPass(pass, shape);
  const pixel = vectorBytes(pass.channels), taps = pass.taps(), rounded = (taps + 3) & ~3;
  const asItLies = liesInVectors(pass);
  const row = pixel * (asItLies ? pass.width : pass.columnsSeen());
  const table = scratch + PASS_BYTES, sums = table + lineBytes(rounded);
  const spreadY = sums + rounded * pixel;
  const isSpread = (pass.channels & 3) != 0;
  const copy = spreadY + (isSpread ? pass.columns * min(pass.rowsAtOnce, pass.rows) * pixel : 0);
  tapTable(table, pass, row, pixel);
  const last = load<u32>(table + ((<usize>taps - 1) << 2));
  for (let k = taps; k < rounded; k++) store<u32>(table + (<usize>k << 2), last);
  memory.fill(sums, 0, rounded * pixel);
  const xStep = pixel * pass.columnStep, span = xStep * pass.columns;
  const xImage = (<usize>pass.channels * pass.width * pass.height) << 2;
  for (; images; images--, x += xImage, dy += pass.yImage) {
    for (let r: u32 = 0; r < pass.rows; r += pass.rowsAtOnce) {
      const rows = min(pass.rowsAtOnce, pass.rows - r);
      const source = sourceOf(copy, x, pass, asItLies, r, rows, pixel);
      let from = dy + r * pass.yRow;
      if (isSpread) {
        spread(spreadY, from, rows * pass.columns, pass.yPixel, pixel);
        from = spreadY;
      }
      for (let q: usize = 0; q < pixel; q += 16) {
        for (let k: u32 = 0; k < rounded; k += 4) {
          const t = table + (<usize>k << 2), o = <usize>load<u32>(t);
          const d1 = <usize>load<u32>(t, 4) - o,
            d2 = <usize>load<u32>(t, 8) - o,
            d3 = <usize>load<u32>(t, 12) - o;
          tile(
            sums + k * pixel + q,
            pixel,
            source + o + q,
            d1,
            d2,
            d3,
            from + q,
            rows,
            span,
            xStep,
            row * pass.rowStep - span,
          );
        }
      }
    }
  }
  for (let k: u32 = 0, bytes = <usize>pass.channels << 2; k < taps; k++)
    memory.copy(dkernel + k * bytes, sums + k * pixel, bytes);
}
