/** The pass that dropout and the first weights share: a second copy of its ten rounds would be downloaded for nothing. */
import { Purpose } from "../../isa/purpose";
import { RandomLane } from "../../lanes/random";
import { Uniform } from "./uniformLane";

@unmanaged
export class DropoutOrUniform extends RandomLane {
  // A branch for each of sixteen elements' vectors, beside some 160 instructions that draw them: not to be measured.
  @inline
  map(words: v128, x: v128, threshold: v128, scale: v128, purpose: u32): v128 {
    if (purpose == Purpose.Uniform) return changetype<Uniform>(0).map(words, x, threshold, scale, purpose);
    // A bit mask, so that a dropped element is +0 even where x is infinite or NaN.
    return v128.and(f32x4.mul(x, scale), i32x4.ge_u(words, threshold));
  }
}
