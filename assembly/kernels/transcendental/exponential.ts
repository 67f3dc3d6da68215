/** The exponential and the logarithm: see elementwise/unary.ts. */
import { exp4, log4 } from "../../lanes/math";
import { mapSeries, UnaryLane } from "../elementwise/unary";

@unmanaged
class Exp extends UnaryLane {
  @inline
  forward(x: v128, _alpha: v128, _beta: v128): v128 {
    return exp4(x);
  }
}

@unmanaged
class Log extends UnaryLane {
  @inline
  forward(x: v128, _alpha: v128, _beta: v128): v128 {
    return log4(x);
  }
}

/** y = eˣ; subnormal results are flushed to 0 */
export function exp(y: usize, x: usize, n: u32): void {
  mapSeries<Exp>(y, x, n);
}

/** y = ln(x); −Infinity at 0, NaN below */
export function log(y: usize, x: usize, n: u32): void {
  mapSeries<Log>(y, x, n);
}
