import { Control } from "../../isa/control";
import { gradientNorm } from "./gradientNorm";

/** A gradient whose square, or an update that, after a few steps more, would leave the range of f32. */
const LARGEST_GRADIENT: f64 = 1e19;
const LARGEST_UPDATE: f64 = 1e30;

/**
 * Writes ‖gradient‖ and the factor that clips it to `maximum` into the control block.
 *
 * @param gradient  [n]
 * @param parameter [n]; read where `decay` is not 0
 * @param maximum   norm to clip to; 0: none
 * @param bound     norm that later clipping leaves at most; 0: there is none
 * @returns whether the step may go on: the loss is finite, the clipped gradient within bounds, and so the update,
 *   ‖update‖ ≤ learningRate · (amplification · ‖gradient‖ + constant + decay · ‖parameter‖)
 */
export function checkUpdate(
  control: usize,
  gradient: usize,
  parameter: usize,
  n: u32,
  maximum: f32,
  bound: f32,
  amplification: f32,
  constant: f32,
  decay: f32,
): bool {
  const scratch: usize = load<u32>(control, Control.scratch);
  const norm = gradientNorm(gradient, n, scratch);
  const most = <f64>maximum;
  const scale = most > 0 && norm > most ? <f32>(most / norm) : <f32>1;
  store<f64>(control, norm, Control.gradientNorm);
  store<f32>(control, scale, Control.gradientScale);
  const left = <f64>bound;
  const kept = norm * <f64>scale;
  const clipped = left > 0 && kept > left ? left : kept;
  const decayed = decay > 0 ? <f64>decay * gradientNorm(parameter, n, scratch) : 0;
  const amplified = <f64>amplification * clipped;
  const update = <f64>load<f32>(control, Control.learningRate) * (amplified + <f64>constant + decayed);
  // What is infinite has no direction that clipping could keep.
  const isWithin = isFinite(norm) && clipped <= LARGEST_GRADIENT && update <= LARGEST_UPDATE;
  return isWithin && isFinite(load<f64>(control, Control.loss));
}
