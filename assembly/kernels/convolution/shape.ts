/** The sizes of a convolution, as they lie in its record: see Conv2dRecord in isa/convolution.ts. */
@unmanaged
export class ConvolutionShape {
  height: u32;
  width: u32;
  inputs: u32;
  outHeight: u32;
  outWidth: u32;
  outputs: u32;
  kernelHeight: u32;
  kernelWidth: u32;
  /** inputs / groups */
  terms: u32;
  groups: u32;
  strideHeight: u32;
  strideWidth: u32;
  dilationHeight: u32;
  dilationWidth: u32;
  /** Padding above and to the left; that below and to the right follows from the sizes. */
  top: i32;
  left: i32;
  algorithm: u32;
}

/** Pixels of a result that are computed before the next: with one panel of the kernel they stay in the cache. */
const BLOCK_PIXELS: u32 = 112;

/** Whole rows of so many columns that make a block. Known to the host: src/compile/facts/convolution.ts. */
export function rowsOfBlock(columns: u32): u32 {
  return max<u32>(1, BLOCK_PIXELS / columns);
}

/** Bytes of a run of floats, rounded up to a whole cache line, so that what lies behind it is aligned. */
@inline
export function lineBytes(floats: u32): usize {
  return ((<usize>floats << 2) + 63) & ~63;
}
