/**
 * The derivative of a loss by one number, from the loss alone: (L(x + h) − L(x − h)) / 2h in f64.
 *
 * At a kink (relu at 0, a tie of a maximum) there is no derivative to compare with. It shows in the slopes to either
 * side: where a function is smooth, their difference shrinks in proportion to h; at a kink it stays, and beside one it
 * jumps to nothing once h no longer reaches it.
 */

/** The loss with one number moved to `x`. */
export type LossAt = (x: number) => number;

/** How a loss changes around a number. */
export interface Slopes {
  /** The central difference. */
  readonly central: number;
  /** Slope to the right less slope to the left. */
  readonly jump: number;
}

/** @param h is multiplied by |x| where that is above 1, so that x ± h differ from x in as many digits */
export function slopes(lossAt: LossAt, x: number, loss: number, h: number): Slopes {
  const reach = h * Math.max(1, Math.abs(x));
  const [left, right] = [x - reach, x + reach];
  const [lossLeft, lossRight] = [lossAt(left), lossAt(right)];
  return {
    central: (lossRight - lossLeft) / (right - left),
    jump: (lossRight - loss) / (right - x) - (loss - lossLeft) / (x - left),
  };
}

const SHRINK = 8;

/** Whether a jump shrinks as that of a smooth function does: by SHRINK, within a factor of two. */
const shrinks = (before: number, after: number) =>
  Math.abs(after) * SHRINK > Math.abs(before) / 2 && Math.abs(after) * SHRINK < Math.abs(before) * 2;

/**
 * Whether a slope that differs from the central difference does so because the loss has a kink there: the loss jumps
 * from one slope to another, and the slope in question lies no farther off than that.
 *
 * @param allowance what may be the work of rounding
 */
export function isAtKink(
  lossAt: LossAt,
  x: number,
  loss: number,
  h: number,
  slope: number,
  allowance: number,
): boolean {
  const { central, jump } = slopes(lossAt, x, loss, h);
  // Beyond x the loss does not exist: the end of the domain of log or sqrt.
  if (!Number.isFinite(central)) return true;
  if (Math.abs(jump) <= allowance || !(Math.abs(slope - central) <= Math.abs(jump) + allowance)) return false;
  const nearer = slopes(lossAt, x, loss, h / SHRINK).jump;
  const nearest = slopes(lossAt, x, loss, h / SHRINK / SHRINK).jump;
  return !(shrinks(jump, nearer) && shrinks(nearer, nearest));
}
