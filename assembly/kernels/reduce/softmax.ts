import { flush, loadLanes, storeLanes } from "../../lanes/simd";
import { expRow, maxRow } from "./row";

/**
 * y = e^(x − max x) / Σ e^(x − max x) per row; subnormal results are flushed to 0.
 *
 * @param y [outer, inner] out, may alias x
 * @param x [outer, inner]
 */
export function softmax(y: usize, x: usize, outer: u32, inner: u32): void {
  for (let row: u32 = 0; row < outer; row++) {
    const total4 = f32x4.splat(<f32>expRow(y, x, inner, maxRow(x, inner)));
    for (let i: u32 = 0; i < inner; i += 4) {
      const at = y + (<usize>i << 2);
      storeLanes(at, flush(f32x4.div(loadLanes(at, inner - i, total4), total4)), inner - i);
    }
    y += <usize>inner << 2;
    x += <usize>inner << 2;
  }
}
