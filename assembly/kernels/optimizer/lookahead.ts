import { runningAverage } from "../normalize/runningAverage";

/** slow = parameter: where a period begins. */
export function lookaheadStart(slow: usize, parameter: usize, n: u32): void {
  memory.copy(slow, parameter, <usize>n << 2);
}

/**
 * The end of a period (Zhang et al. 2019, algorithm 1): slow += share · (parameter − slow), and parameter = slow.
 *
 * @param slow      [n] in place
 * @param parameter [n] in place; the fast weights
 * @param share     in (0, 1]
 */
export function lookahead(slow: usize, parameter: usize, n: u32, share: f32): void {
  runningAverage(slow, parameter, n, share);
  memory.copy(parameter, slow, <usize>n << 2);
}
