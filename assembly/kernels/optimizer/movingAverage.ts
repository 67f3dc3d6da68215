import { runningAverage } from "../normalize/runningAverage";

/**
 * average = (1 − share) · average + share · parameter; after the first step it is the parameter, so that it needs no
 * correction of its start. As torch.optim.swa_utils.AveragedModel with that rule as its avg_fn.
 *
 * @param average   [n] in place
 * @param parameter [n]
 * @param share     in (0, 1]: 1 − decay, and not decay, of which a float leaves 1 − 0.999 only to 1e-5
 * @param step      counts from 0
 */
export function movingAverage(average: usize, parameter: usize, n: u32, share: f32, step: u32): void {
  if (step == 0) memory.copy(average, parameter, <usize>n << 2);
  else runningAverage(average, parameter, n, share);
}
