import { runningAverage } from "../normalize/runningAverage";

/**
 * Slow weights follow the fast ones at the end of every period: slow += share · (parameter − slow), and
 * parameter = slow (Zhang et al. 2019, algorithm 1). Where a period begins, the slow weights are the fast ones: unless a
 * constraint, or the user, moved the weights in between, they already are.
 *
 * @param slow      [n] in place
 * @param parameter [n] in place; the fast weights
 * @param share     in (0, 1]
 * @param step      counts from 0
 * @param isAfter   0 before the update, where a period begins; 1 after it, where one ends
 */
export function lookahead(
  slow: usize,
  parameter: usize,
  n: u32,
  share: f32,
  period: u32,
  step: u32,
  isAfter: u32,
): void {
  if (!isAfter) {
    if (step % period == 0) memory.copy(slow, parameter, <usize>n << 2);
  } else if ((step + 1) % period == 0) {
    runningAverage(slow, parameter, n, share);
    memory.copy(parameter, slow, <usize>n << 2);
  }
}
