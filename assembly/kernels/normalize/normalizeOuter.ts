/** Columns of the matrices x [outer, inner] brought to mean 0 and variance 1. */

import { loadLanes, storeLanes } from "../../lanes/simd";
import { measureColumns, NEAR, PANEL, REST, SCALE } from "./normalizeColumns";
import { normalizeInner } from "./normalizeInner";

@inline
function apply(x: v128, near: v128, rest: v128, scale: v128): v128 {
  return f32x4.mul(f32x4.sub(f32x4.sub(x, near), rest), scale);
}

/** Of a panel, of which measureColumns was asked. */
function writePanel(y: usize, x: usize, outer: u32, stride: usize, scratch: usize): void {
  const n0 = v128.load(scratch, NEAR), n1 = v128.load(scratch, NEAR + 16);
  const n2 = v128.load(scratch, NEAR + 32), n3 = v128.load(scratch, NEAR + 48);
  const r0 = v128.load(scratch, REST), r1 = v128.load(scratch, REST + 16);
  const r2 = v128.load(scratch, REST + 32), r3 = v128.load(scratch, REST + 48);
  const s0 = v128.load(scratch, SCALE), s1 = v128.load(scratch, SCALE + 16);
  const s2 = v128.load(scratch, SCALE + 32), s3 = v128.load(scratch, SCALE + 48);
  const end = x + <usize>outer * stride;
  do {
    v128.store(y, apply(v128.load(x), n0, r0, s0));
    v128.store(y, apply(v128.load(x, 16), n1, r1, s1), 16);
    v128.store(y, apply(v128.load(x, 32), n2, r2, s2), 32);
    v128.store(y, apply(v128.load(x, 48), n3, r3, s3), 48);
    y += stride;
    x += stride;
  } while (x < end);
}

/** Of 1 to 4 columns, of which measureColumns was asked. */
function writeLast(y: usize, x: usize, outer: u32, stride: usize, columns: u32, scratch: usize): void {
  const near = v128.load(scratch, NEAR), rest = v128.load(scratch, REST), scale = v128.load(scratch, SCALE);
  for (const end = x + <usize>outer * stride; x < end; x += stride, y += stride) {
    storeLanes(y, apply(loadLanes(x, columns, near), near, rest, scale), columns);
  }
}

/**
 * y = (x − mean) / √(variance + epsilon) per column of each matrix, the variance being Σ (x − mean)² / outer.
 *
 * @param y [batch, outer, inner] out, may alias x
 * @param x [batch, outer, inner]
 * @param epsilon above 0
 * @param scratch see normalizeColumns.ts
 */
export function normalizeOuter(
  y: usize,
  x: usize,
  batch: u32,
  outer: u32,
  inner: u32,
  epsilon: f32,
  scratch: usize,
): void {
  if (inner == 1) return normalizeInner(y, x, batch, outer, epsilon, 1, scratch);
  if (outer == 0) return;
  const stride = <usize>inner << 2;
  const bytes = <usize>outer * stride;
  for (; batch; batch--, x += bytes, y += bytes) {
    let column: u32 = 0;
    for (; column + PANEL <= inner; column += PANEL) {
      const at = <usize>column << 2;
      measureColumns(scratch, x + at, outer, stride, PANEL, epsilon);
      writePanel(y + at, x + at, outer, stride, scratch);
    }
    for (; column < inner; column += 4) {
      const at = <usize>column << 2;
      const left = min<u32>(inner - column, 4);
      measureColumns(scratch, x + at, outer, stride, left, epsilon);
      writeLast(y + at, x + at, outer, stride, left, scratch);
    }
  }
}
