/** The gradient of a kernel: sums over the places of all images. */
import { sourceOf, spread } from "./halo";
import { kernelGradTile4x8 } from "./kernelGradTile";
import { forwardPass, Pass, PASS_BYTES } from "./pass";
import { ConvolutionShape, lineBytes } from "./shape";
import { tapTable } from "./table";

/** Places of a chunk: a sum is kept in registers over its chunk. Of large kernels more, as each chunk adds to all of it. */
const CHUNK_PIXELS: u32 = 64;
const LARGE_CHUNK_PIXELS: u32 = 128;
const LARGE_KERNEL: u32 = 1024;

/** Whole rows that make a chunk; a row of more places is cut. Known to the host: src/compile/facts/convolution.ts. */
@inline
function chunkPixels(shape: ConvolutionShape): u32 {
  return shape.terms * (shape.outputs / shape.groups) < LARGE_KERNEL ? CHUNK_PIXELS : LARGE_CHUNK_PIXELS;
}

/** What a chunk needs. */
@unmanaged
class Chunk {
  x: usize;
  rows: u32;
  columns: u32;
  xPixel: usize;
  xGap: usize;
  table: usize;
  /** Terms of the kernel, rounded up to the rows of a tile. */
  terms: u32;
  /** [groups, panels][terms][8] */
  sums: usize;
  /** [groups, panels][pixels][8] */
  packed: usize;
  panels: u32;
}

const CHUNK_BYTES: usize = 64;

/** dy of a chunk in panels of 8 columns of a group, the last of each group filled up with zeros. */
function packChunk(chunk: Chunk, dy: usize, pass: Pass): void {
  let to = chunk.packed;
  const pixel = pass.yPixel;
  for (let g: u32 = 0; g < pass.groups; g++) {
    for (let j: u32 = 0; j < pass.outputs; j += 8) {
      const inside = min<u32>(8, pass.outputs - j);
      const panel = dy + (<usize>(g * pass.outputs + j) << 2);
      for (let r: u32 = 0; r < chunk.rows; r++) {
        let from = panel + r * pass.yRow;
        for (let c: u32 = 0; c < chunk.columns; c++, from += pixel, to += 32) {
          if (inside == 8) {
            v128.store(to, v128.load(from));
            v128.store(to, v128.load(from, 16), 16);
          } else spread(to, from, 1, <usize>inside << 2, 32);
        }
      }
    }
  }
}

/** sums += the outer products of a chunk. */
function addChunk(chunk: Chunk, pass: Pass): void {
  const sumPanel = <usize>chunk.terms << 5;
  const panel = <usize>(chunk.rows * chunk.columns) << 5;
  let x = chunk.x, sums = chunk.sums, packed = chunk.packed;
  for (let g: u32 = 0; g < pass.groups; g++) {
    for (let k: u32 = 0; k < chunk.terms; k += 4) {
      const t = chunk.table + (<usize>k << 2);
      const first = <usize>load<u32>(t);
      const d1 = <usize>load<u32>(t, 4) - first,
        d2 = <usize>load<u32>(t, 8) - first,
        d3 = <usize>load<u32>(t, 12) - first;
      // prettier-ignore
      kernelGradTile4x8(sums + (<usize>k << 5), sumPanel, x + first, d1, d2, d3, packed, panel, chunk.panels, chunk.rows, chunk.columns * chunk.xPixel, chunk.xPixel, chunk.xGap);
    }
    x += <usize>pass.terms << 2;
    sums += chunk.panels * sumPanel;
    packed += chunk.panels * panel;
  }
}

/** dkernel from the sums by panels. */
function unpack(dkernel: usize, chunk: Chunk, pass: Pass): void {
  const terms = pass.taps() * pass.terms, row = <usize>pass.termFloats << 2;
  let from = chunk.sums;
  for (let g: u32 = 0; g < pass.groups; g++) {
    for (let j: u32 = 0; j < pass.outputs; j += 8) {
      const bytes = <usize>min<u32>(8, pass.outputs - j) << 2;
      const to = dkernel + (<usize>(g * pass.outputs + j) << 2);
      for (let k: u32 = 0; k < terms; k++) memory.copy(to + k * row, from + (<usize>k << 5), bytes);
      from += <usize>chunk.terms << 5;
    }
  }
}

/** Lays out a chunk and all that it needs in scratch. @returns what is free behind it */
function prepare(chunk: Chunk, pass: Pass, shape: ConvolutionShape, xRow: usize, pixel: usize): usize {
  const terms = pass.taps() * pass.terms;
  chunk.terms = (terms + 3) & ~3;
  chunk.panels = (pass.outputs + 7) >> 3;
  chunk.xPixel = pixel * pass.columnStep;
  chunk.table = changetype<usize>(chunk) + CHUNK_BYTES;
  chunk.sums = chunk.table + lineBytes(chunk.terms);
  const columns = (chunk.panels * pass.groups) << 3;
  chunk.packed = chunk.sums + lineBytes(chunk.terms * columns);
  tapTable(chunk.table, pass, xRow, pixel);
  // Rows that the last tile lacks are the last one again: nobody reads their sums.
  const last = load<u32>(chunk.table + ((<usize>terms - 1) << 2));
  for (let k = terms; k < chunk.terms; k++) store<u32>(chunk.table + (<usize>k << 2), last);
  memory.fill(chunk.sums, 0, <usize>(chunk.terms * columns) << 2);
  return chunk.packed + lineBytes(chunkPixels(shape) * columns);
}

/**
 * dkernel[a, b, t, o] = Σ x[n, r · stride + a · dilation − top, c · stride + b · dilation − left, t] · dy[n, r, c, o].
 *
 * A sum goes over chunks of an image, whole rows of together at most 64 or 128 places or a part of a longer row, in the
 * order of memory, and the chunks are added in order.
 *
 * @param dkernel [kernelHeight, kernelWidth, inputs / groups, outputs] out
 * @param scratch see src/compile/facts/convolution.ts for its bytes
 */
export function conv2dGradKernel(
  dkernel: usize,
  x: usize,
  dy: usize,
  images: u32,
  shape: ConvolutionShape,
  scratch: usize,
): void {
  const pass = changetype<Pass>(scratch);
  forwardPass(pass, shape);
  const chunk = changetype<Chunk>(scratch + PASS_BYTES);
  const pixel = <usize>pass.channels << 2;
  const asItLies = pass.isInside();
  const xRow = pixel * (asItLies ? pass.width : pass.columnsSeen());
  const copy = prepare(chunk, pass, shape, xRow, pixel);
  const xImage = pixel * pass.width * pass.height;
  const most = chunkPixels(shape), rowsAtOnce = max<u32>(1, most / pass.columns);
  for (; images; images--, x += xImage, dy += pass.yImage) {
    for (let r: u32 = 0; r < pass.rows; r += rowsAtOnce) {
      chunk.rows = min(rowsAtOnce, pass.rows - r);
      const source = sourceOf(copy, x, pass, asItLies, r, chunk.rows, pixel);
      for (let c: u32 = 0; c < pass.columns; c += most) {
        chunk.columns = min(most, pass.columns - c);
        chunk.x = source + c * chunk.xPixel;
        chunk.xGap = xRow * pass.rowStep - chunk.xPixel * chunk.columns;
        packChunk(chunk, dy + r * pass.yRow + c * pass.yPixel, pass);
        addChunk(chunk, pass);
      }
    }
  }
  unpack(dkernel, chunk, pass);
}
