import { madd } from "../assembly/lanes/simd";

/**
 * The SIMD peak: chains of multiply-add that stay in registers, 8 floating-point operations each.
 * Twelve chains cover the latency and leave V8's 15 registers room; the exact build multiplies and adds,
 * the relaxed build fuses. The factors are parameters so that the compiler cannot fold them.
 *
 * @returns the sum of the chains, so that none is dead
 */
export function peak(iterations: u32, factor: f32, addend: f32): f32 {
  const m = f32x4.splat(factor), a = f32x4.splat(addend);
  let c0 = f32x4.splat(0.1), c1 = f32x4.splat(0.2), c2 = f32x4.splat(0.3), c3 = f32x4.splat(0.4);
  let c4 = f32x4.splat(0.5), c5 = f32x4.splat(0.6), c6 = f32x4.splat(0.7), c7 = f32x4.splat(0.8);
  let c8 = f32x4.splat(0.9), c9 = f32x4.splat(1.0), c10 = f32x4.splat(1.1), c11 = f32x4.splat(1.2);
  for (; iterations > 0; iterations--) {
    c0 = madd(c0, m, a);
    c1 = madd(c1, m, a);
    c2 = madd(c2, m, a);
    c3 = madd(c3, m, a);
    c4 = madd(c4, m, a);
    c5 = madd(c5, m, a);
    c6 = madd(c6, m, a);
    c7 = madd(c7, m, a);
    c8 = madd(c8, m, a);
    c9 = madd(c9, m, a);
    c10 = madd(c10, m, a);
    c11 = madd(c11, m, a);
  }
  c0 = f32x4.add(
    f32x4.add(f32x4.add(c0, c1), f32x4.add(c2, c3)),
    f32x4.add(f32x4.add(c4, c5), f32x4.add(c6, c7)),
  );
  c0 = f32x4.add(c0, f32x4.add(f32x4.add(c8, c9), f32x4.add(c10, c11)));
  return f32x4.extract_lane(c0, 0) + f32x4.extract_lane(c0, 1);
}
