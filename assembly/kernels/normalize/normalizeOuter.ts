/** Columns of the matrices x [outer, inner] brought to mean 0 and variance 1. */

import { loadLanes, storeLanes } from "../../lanes/simd";
import {
  measure16,
  measure4,
  near0,
  near1,
  near2,
  near3,
  rest0,
  rest1,
  rest2,
  rest3,
  scale0,
  scale1,
  scale2,
  scale3,
} from "./normalizeColumns";
import { normalizeInner } from "./normalizeInner";

@inline
function apply(x: v128, near: v128, rest: v128, scale: v128): v128 {
  return f32x4.mul(f32x4.sub(f32x4.sub(x, near), rest), scale);
}

/**
 * y = (x − mean) / √(variance + epsilon) per column of each matrix, the variance being Σ (x − mean)² / outer.
 *
 * @param y [batch, outer, inner] out, may alias x
 * @param x [batch, outer, inner]
 * @param epsilon above 0
 */
export function normalizeOuter(y: usize, x: usize, batch: u32, outer: u32, inner: u32, epsilon: f32): void {
  if (inner == 1) return normalizeInner(y, x, batch, outer, epsilon, 1);
  const stride = <usize>inner << 2;
  if (outer == 0) return;
  for (; batch; batch--, x += <usize>outer * stride, y += <usize>outer * stride) {
    const end = x + <usize>outer * stride;
    let column: u32 = 0;
    for (; column + 16 <= inner; column += 16) {
      const from = x + (<usize>column << 2);
      measure16(from, outer, stride, epsilon);
      const n0 = near0, n1 = near1, n2 = near2, n3 = near3;
      const r0 = rest0, r1 = rest1, r2 = rest2, r3 = rest3;
      const s0 = scale0, s1 = scale1, s2 = scale2, s3 = scale3;
      let to = y + (<usize>column << 2);
      let row = from;
      do {
        v128.store(to, apply(v128.load(row), n0, r0, s0));
        v128.store(to, apply(v128.load(row, 16), n1, r1, s1), 16);
        v128.store(to, apply(v128.load(row, 32), n2, r2, s2), 32);
        v128.store(to, apply(v128.load(row, 48), n3, r3, s3), 48);
        to += stride;
        row += stride;
      } while (row < end);
    }
    for (; column < inner; column += 4) {
      const left = inner - column;
      const from = x + (<usize>column << 2);
      measure4(from, outer, stride, left, epsilon);
      let to = y + (<usize>column << 2);
      for (let row = from; row < end; row += stride, to += stride) {
        storeLanes(to, apply(loadLanes(row, left, near0), near0, rest0, scale0), left);
      }
    }
  }
}
