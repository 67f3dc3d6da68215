import { RandomLane } from "../../lanes/random";

/** low + (word >>> 8) · step. The threshold carries the bits of `low`. 24 bits of a word are exact in f32. */
@unmanaged
export class Uniform extends RandomLane {
  @inline
  map(words: v128, _x: v128, low: v128, step: v128, _purpose: u32): v128 {
    return f32x4.add(f32x4.mul(f32x4.convert_i32x4_u(i32x4.shr_u(words, 8)), step), low);
  }
}
