/** Kernels in the order in which the tiles read them. */
import { Pass } from "./pass";

/** Columns of the panel that begins at column `first` of so many: 16, or 8 where that holds what is left. */
@inline
export function panelWidth(columns: u32, first: u32): u32 {
  return columns - first > 8 ? 16 : 8;
}

/** One term of a panel: the first `columns` of `width` floats that lie `step` apart, then zeros. */
@inline
function packTerm(packed: usize, from: usize, columns: u32, width: u32, step: usize): void {
  if (step == 4 && columns == width) {
    memory.copy(packed, from, <usize>width << 2);
    return;
  }
  for (let j: u32 = 0; j < columns; j++) store<f32>(packed + (<usize>j << 2), load<f32>(from + j * step));
  for (let j = columns; j < width; j++) store<f32>(packed + (<usize>j << 2), 0);
}

/** packed[groups, panels][taps · terms][width], the last panel of each group filled up with zeros. */
export function packKernel(packed: usize, kernel: usize, pass: Pass): void {
  const outputStep = <usize>pass.outputFloats << 2;
  for (let g: u32 = 0; g < pass.groups; g++) {
    const group = kernel + ((<usize>g * pass.groupFloats) << 2);
    for (let j: u32 = 0, width: u32 = 0; j < pass.outputs; j += width) {
      width = panelWidth(pass.outputs, j);
      const columns = min(width, pass.outputs - j);
      const panel = group + j * outputStep;
      for (let a: u32 = 0; a < pass.tapRows; a++) {
        for (let b: u32 = 0; b < pass.tapColumns; b++) {
          let from = panel + (<usize>pass.kernelOffset(a, b) << 2);
          for (let t: u32 = 0; t < pass.terms; t++, packed += <usize>width << 2) {
            packTerm(packed, from, columns, width, outputStep);
            from += <usize>pass.termFloats << 2;
          }
        }
      }
    }
  }
}
