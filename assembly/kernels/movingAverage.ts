import { runningAverage } from "./runningAverage";

/**
 * average = decay · average + (1 − decay) · parameter; after the first step it is the parameter, so that it needs no
 * correction of its start. As torch.optim.swa_utils.AveragedModel with that rule as its avg_fn.
 *
 * @param average   [n] in place
 * @param parameter [n]
 * @param decay     in [0, 1); 1 − decay is worked in f64 from the f32 given
 * @param step      counts from 0
 */
export function movingAverage(average: usize, parameter: usize, n: u32, decay: f32, step: u32): void {
  if (step == 0) memory.copy(average, parameter, <usize>n << 2);
  else runningAverage(average, parameter, n, <f32>(1.0 - <f64>decay));
}
