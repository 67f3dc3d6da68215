/** Losses of sequences. */
export enum SequenceOp {
  /** alpha[row, time + 1, 2, 2 · labels + 1]: occupancies and losses of connectionist temporal classification: CtcRecord */
  CtcAlpha = 0xc00,
  /** loss[row] from alpha: CtcLossRecord */
  CtcLoss = 0xc01,
  /** dx[row, time, classes] from x, alpha and dloss: CtcGradRecord */
  CtcGrad = 0xc02,
}

/** x holds the logarithms of probabilities; a row of the target has `labels` classes, those beyond its end are −1. */
export enum CtcRecord { alpha = 2, x, target, rows, time, classes, labels, blank, words }
export enum CtcLossRecord { loss = 2, alpha, target, rows, time, labels, words }
export enum CtcGradRecord { dx = 2, x, alpha, target, dloss, rows, time, classes, labels, blank, words }
