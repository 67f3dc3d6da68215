/** Drives the register tiles over the blocks of a pass. */
import { MATMUL_KC } from "../../isa/limits";
import { ConvolutionAlgorithm } from "../../isa/convolution";
import { LOWEST, ZEROS } from "./constants";
import { sourceOf } from "./halo";
import { packKernel, panelWidth } from "./pack";
import { Pass } from "./pass";
import { lineBytes } from "./shape";
import { segmentTable, tapTable } from "./table";
import { segments2x16, segments4x8, taps2x16, taps4x8 } from "./tiles";

/** Where a block lies: source, result, and the pixels of it. */
@unmanaged
class Block {
  x: usize;
  y: usize;
  pixels: u32;
  columns: u32;
  xPixel: usize;
  xGap: usize;
  yPixel: usize;
  yGap: usize;
  /** Runs or offsets of the terms, and where each part of a sum begins in them. */
  table: usize;
  starts: usize;
  isTaps: bool;
  terms: u32;
  floor: usize;
  /** [pixels][16], where the last panel of a group is computed, and its bias. */
  edge: usize;
  edgeBias: usize;
  /** See packKernel. */
  packed: usize;
}

/** Bytes of a Block, whole cache lines. */
const BLOCK_BYTES: usize = 64;

/** Where the part that begins at term k lies in the table. */
@inline
function startOf(block: Block, k: u32): usize {
  if (block.isTaps) return block.table + (<usize>k << 2);
  return load<u32>(block.starts + (<usize>(k / MATMUL_KC) << 2));
}

/** One panel over a block: a part of the sum after the other, each added to those before it, the bias to the last. */
function panel(
  block: Block,
  y: usize,
  x: usize,
  w: usize,
  width: u32,
  bias: usize,
  yPixel: usize,
  yGap: usize,
): void {
  const terms = block.terms;
  for (let k: u32 = 0; k < terms; k += MATMUL_KC) {
    const next = min<u32>(k + MATMUL_KC, terms);
    const isLast = next == terms;
    const table = startOf(block, k);
    const end = block.isTaps
      ? block.table + (<usize>next << 2)
      : load<u32>(block.starts + (<usize>(k / MATMUL_KC + 1) << 2));
    const b = w + (<usize>(k * width) << 2);
    const c = isLast ? bias : ZEROS, floor = isLast ? block.floor : LOWEST;
    const more = k > 0;
    const pixels = block.pixels, columns = block.columns, xPixel = block.xPixel, xGap = block.xGap;
    if (block.isTaps) {
      if (width == 16)
        taps2x16(y, x, b, c, floor, table, end, more, pixels, columns, xPixel, xGap, yPixel, yGap);
      else taps4x8(y, x, b, c, floor, table, end, more, pixels, columns, xPixel, xGap, yPixel, yGap);
    } else if (width == 16)
      segments2x16(y, x, b, c, floor, table, end, more, pixels, columns, xPixel, xGap, yPixel, yGap);
    else segments4x8(y, x, b, c, floor, table, end, more, pixels, columns, xPixel, xGap, yPixel, yGap);
  }
}

/** A panel of less than its width: computed beside the result, of which only its columns are written. */
function edgePanel(block: Block, y: usize, x: usize, w: usize, width: u32, columns: u32, bias: usize): void {
  const pitch = <usize>width << 2, bytes = <usize>columns << 2;
  memory.fill(block.edgeBias, 0, pitch);
  if (bias) memory.copy(block.edgeBias, bias, bytes);
  panel(block, block.edge, x, w, width, block.edgeBias, pitch, 0);
  let left = block.columns;
  for (let i = block.pixels, from = block.edge; i; i--, from += pitch) {
    for (let j: usize = 0; j < bytes; j += 4) store<f32>(y + j, load<f32>(from + j));
    y += block.yPixel;
    if (--left == 0) {
      left = block.columns;
      y += block.yGap;
    }
  }
}

/** All groups and panels of a block. */
function panels(block: Block, pass: Pass, bias: usize): void {
  const columns = pass.outputs;
  const groupX = <usize>pass.terms << 2;
  let x = block.x, y = block.y, w = block.packed, c = bias;
  for (let g: u32 = 0; g < pass.groups; g++, x += groupX) {
    for (let j: u32 = 0, width: u32 = 0; j < columns; j += width) {
      width = panelWidth(columns, j);
      const inside = min(width, columns - j), bytes = <usize>inside << 2;
      if (inside == width) panel(block, y, x, w, width, bias ? c : ZEROS, block.yPixel, block.yGap);
      else edgePanel(block, y, x, w, width, inside, c);
      w += <usize>(block.terms * width) << 2;
      y += bytes;
      if (bias) c += bytes;
    }
  }
}

/** y = max(bias, floor): a pass whose sums have no terms. */
export function withoutTerms(y: usize, bias: usize, floor: usize, images: u32, pass: Pass): void {
  const channels = pass.groups * pass.outputs, least = load<f32>(floor);
  for (; images; images--, y += pass.yImage) {
    for (let r: u32 = 0; r < pass.rows; r++) {
      let to = y + r * pass.yRow;
      for (let c: u32 = 0; c < pass.columns; c++, to += pass.yPixel) {
        for (let j: u32 = 0; j < channels; j++) {
          const value: f32 = bias ? load<f32>(bias + (<usize>j << 2)) : 0;
          store<f32>(to + (<usize>j << 2), value < least ? least : value);
        }
      }
    }
  }
}

/** Lays out a block and all that it needs in scratch, and fills what is the same for all. @returns what is free behind it */
function prepare(block: Block, kernel: usize, pass: Pass, algorithm: u32, xRow: usize): usize {
  const terms = pass.taps() * pass.terms;
  const pixel = <usize>pass.channels << 2;
  block.isTaps = algorithm == ConvolutionAlgorithm.Taps;
  block.terms = terms;
  block.columns = pass.columns;
  block.xPixel = pixel * pass.columnStep;
  block.xGap = xRow * pass.rowStep - block.xPixel * pass.columns;
  block.yPixel = pass.yPixel;
  block.yGap = pass.yRow - pass.yPixel * pass.columns;
  block.edgeBias = changetype<usize>(block) + BLOCK_BYTES;
  block.starts = block.edgeBias + 64;
  block.table = block.starts + lineBytes(terms / MATMUL_KC + 2);
  const runs = pass.taps() + terms / MATMUL_KC + 1;
  block.edge = block.table + lineBytes(max<u32>(2 * runs, terms));
  block.packed = block.edge + lineBytes(16 * pass.columns * min(pass.rowsAtOnce, pass.rows));
  if (block.isTaps) tapTable(block.table, pass, xRow, pixel);
  else segmentTable(block.table, block.starts, pass, xRow, pixel);
  packKernel(block.packed, kernel, pass);
  return block.packed + lineBytes(terms * pass.groups * ((pass.outputs + 7) & ~7));
}

/**
 * y = max(the sums of a pass + bias, floor), for each image; a pass of at least one tap. The kernel is packed once; each block sees a copy of its
 * rows with zeros around them where it reaches beyond the map, else the map itself.
 *
 * Sums go as in matmul: along tap rows, tap columns and terms in order, split at every MATMUL_KC terms, the parts added
 * in order, the bias last. So a convolution has the bits of the product of its patches and its kernel.
 *
 * @param bias    [groups · outputs], or 0 for none
 * @param floor   [1]
 * @param scratch see src/compile/facts/convolution.ts for its bytes
 */
export function convolve(
  y: usize,
  x: usize,
  kernel: usize,
  bias: usize,
  floor: usize,
  images: u32,
  pass: Pass,
  algorithm: u32,
  scratch: usize,
): void {
  const block = changetype<Block>(scratch);
  const pixel = <usize>pass.channels << 2;
  const isInside = pass.isInside();
  const xRow = pixel * (isInside ? pass.width : pass.columnsSeen());
  const haloed = prepare(block, kernel, pass, algorithm, xRow);
  block.floor = floor;
  const xImage = pixel * pass.width * pass.height;
  for (; images; images--, x += xImage, y += pass.yImage) {
    for (let r: u32 = 0; r < pass.rows; r += pass.rowsAtOnce) {
      const rows = min(pass.rowsAtOnce, pass.rows - r);
      block.pixels = rows * pass.columns;
      block.y = y + r * pass.yRow;
      block.x = sourceOf(haloed, x, pass, isInside, r, rows, pixel);
      panels(block, pass, bias);
    }
  }
}
