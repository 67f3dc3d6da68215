/** One walk over the places of a result: a convolution is one, its adjoint one for each phase of the strides. */
import { ConvolutionShape, rowsOfBlock } from "./shape";

/**
 * y[r, c, j] = Σ over tap rows a, tap columns b and terms t of
 *     x[r · rowStep + firstRow + a · rowJump, c · columnStep + firstColumn + b · columnJump, t] · kernel(a, b, t, j)
 *
 * for each group, x being 0 outside its map. Steps and jumps are at least 1, so that taps lie in the order of memory.
 */
@unmanaged
export class Pass {
  height: u32;
  width: u32;
  channels: u32;
  /** channels / groups */
  terms: u32;
  groups: u32;
  /** Channels of y for each group. */
  outputs: u32;

  rows: u32;
  columns: u32;
  rowsAtOnce: u32;
  /** Bytes from one place of y to the next, in either direction, and from one image to the next. */
  yRow: usize;
  yPixel: usize;
  yImage: usize;

  rowStep: u32;
  columnStep: u32;
  firstRow: i32;
  firstColumn: i32;
  tapRows: u32;
  tapColumns: u32;
  rowJump: u32;
  columnJump: u32;

  /** Where the kernel has tap (0, 0), and the way to the next, which may lead back. */
  kernelRow: i32;
  kernelColumn: i32;
  kernelRowStep: i32;
  kernelColumnStep: i32;
  kernelWidth: u32;
  /** Floats of the kernel from one tap, term, output and group to the next. */
  tapFloats: u32;
  termFloats: u32;
  outputFloats: u32;
  groupFloats: u32;

  @inline
  taps(): u32 {
    return this.tapRows * this.tapColumns;
  }

  /** Rows of the source that so many rows of the result see. */
  @inline
  rowsSeen(rows: u32): u32 {
    return (rows - 1) * this.rowStep + (this.tapRows - 1) * this.rowJump + 1;
  }

  @inline
  columnsSeen(): u32 {
    return (this.columns - 1) * this.columnStep + (this.tapColumns - 1) * this.columnJump + 1;
  }

  /** Whether no place sees beyond the map. */
  @inline
  isInside(): bool {
    return (
      this.firstRow >= 0 &&
      this.firstColumn >= 0 &&
      this.firstRow + <i32>this.rowsSeen(this.rows) <= <i32>this.height &&
      this.firstColumn + <i32>this.columnsSeen() <= <i32>this.width
    );
  }

  /** Floats from the kernel's first to tap (a, b). */
  @inline
  kernelOffset(a: u32, b: u32): u32 {
    const row = this.kernelRow + <i32>a * this.kernelRowStep;
    const column = this.kernelColumn + <i32>b * this.kernelColumnStep;
    return <u32>(row * <i32>this.kernelWidth + column) * this.tapFloats;
  }
}

/** Bytes of a Pass, whole cache lines. */
export const PASS_BYTES: usize = 192;

/** The walk of a convolution over its result. */
export function forwardPass(pass: Pass, s: ConvolutionShape): void {
  pass.height = s.height;
  pass.width = s.width;
  pass.channels = s.inputs;
  pass.terms = s.terms;
  pass.groups = s.groups;
  pass.outputs = s.outputs / s.groups;
  pass.rows = s.outHeight;
  pass.columns = s.outWidth;
  pass.rowsAtOnce = rowsOfBlock(s.outWidth);
  pass.yPixel = <usize>s.outputs << 2;
  pass.yRow = pass.yPixel * s.outWidth;
  pass.yImage = pass.yRow * s.outHeight;
  pass.rowStep = s.strideHeight;
  pass.columnStep = s.strideWidth;
  pass.firstRow = -s.top;
  pass.firstColumn = -s.left;
  pass.tapRows = s.kernelHeight;
  pass.tapColumns = s.kernelWidth;
  pass.rowJump = s.dilationHeight;
  pass.columnJump = s.dilationWidth;
  pass.kernelRow = 0;
  pass.kernelColumn = 0;
  pass.kernelRowStep = 1;
  pass.kernelColumnStep = 1;
  pass.kernelWidth = s.kernelWidth;
  pass.tapFloats = s.terms * s.outputs;
  pass.termFloats = s.outputs;
  pass.outputFloats = 1;
  pass.groupFloats = s.outputs / s.groups;
}

/** The last tap of a kernel's axis that reaches a place of phase `phase`; −1 if none does. */
function lastTap(taps: u32, phase: i32, stride: i32, dilation: i32): i32 {
  for (let tap = <i32>taps - 1; tap >= 0; tap--) {
    if ((phase - tap * dilation) % stride == 0) return tap;
  }
  return -1;
}

function commonDivisor(a: u32, b: u32): u32 {
  while (b) {
    const rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/**
 * The walk of the adjoint over the places of x whose row and column leave these remainders by the strides. Each sees the
 * same taps, in reverse; a phase that none reaches has none.
 */
export function adjointPass(pass: Pass, s: ConvolutionShape, phaseRow: u32, phaseColumn: u32): void {
  pass.height = s.outHeight;
  pass.width = s.outWidth;
  pass.channels = s.outputs;
  pass.terms = s.outputs / s.groups;
  pass.groups = s.groups;
  pass.outputs = s.terms;
  pass.rows = (s.height - phaseRow + s.strideHeight - 1) / s.strideHeight;
  pass.columns = (s.width - phaseColumn + s.strideWidth - 1) / s.strideWidth;
  pass.rowsAtOnce = rowsOfBlock((s.width + s.strideWidth - 1) / s.strideWidth);
  const pixel = <usize>s.inputs << 2;
  pass.yPixel = pixel * s.strideWidth;
  pass.yRow = pixel * s.width * s.strideHeight;
  pass.yImage = pixel * s.width * s.height;
  pass.rowStep = 1;
  pass.columnStep = 1;
  const rowStride = <i32>s.strideHeight, columnStride = <i32>s.strideWidth;
  const rowDilation = <i32>s.dilationHeight, columnDilation = <i32>s.dilationWidth;
  const row = <i32>phaseRow + s.top, column = <i32>phaseColumn + s.left;
  const lastRow = lastTap(s.kernelHeight, row, rowStride, rowDilation);
  const lastColumn = lastTap(s.kernelWidth, column, columnStride, columnDilation);
  const rowFactor = <i32>commonDivisor(s.strideHeight, s.dilationHeight);
  const columnFactor = <i32>commonDivisor(s.strideWidth, s.dilationWidth);
  pass.kernelRow = lastRow;
  pass.kernelColumn = lastColumn;
  pass.kernelRowStep = -(rowStride / rowFactor);
  pass.kernelColumnStep = -(columnStride / columnFactor);
  pass.tapRows = lastRow < 0 ? 0 : <u32>(lastRow / (rowStride / rowFactor)) + 1;
  pass.tapColumns = lastColumn < 0 ? 0 : <u32>(lastColumn / (columnStride / columnFactor)) + 1;
  pass.firstRow = (row - lastRow * rowDilation) / rowStride;
  pass.firstColumn = (column - lastColumn * columnDilation) / columnStride;
  pass.rowJump = <u32>(rowDilation / rowFactor);
  pass.columnJump = <u32>(columnDilation / columnFactor);
  pass.kernelWidth = s.kernelWidth;
  pass.tapFloats = s.terms * s.outputs;
  pass.termFloats = 1;
  pass.outputFloats = s.outputs;
  pass.groupFloats = s.outputs / s.groups;
}
