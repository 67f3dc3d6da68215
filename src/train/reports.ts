import type { MetricName } from "./metrics.js";

/**
 * The loss and the metrics that were asked for at `compile`: means over rows, but for a loss that sums, which is the
 * sum over all rows.
 */
export type Scores<M extends MetricName = never> = { readonly loss: number } & { readonly [K in M]: number };

/** What an epoch came to. Loss and metrics are taken while the weights changed, step by step. */
export type EpochReport<M extends MetricName = never> = Scores<M> & {
  /** Counted from 1 in this call of `fit`. */
  readonly epoch: number;
  /** Steps that the epoch had. */
  readonly steps: number;
  /** Loss and metrics on the validation data after the epoch. */
  readonly validation?: Scores<M>;
  /** Learning rate of the epoch's last step. */
  readonly learningRate: number;
  /** Rows trained on per second, without validation. */
  readonly samplesPerSecond: number;
};

/** What an epoch came to in a training with validation. */
export type ValidatedReport<M extends MetricName = never> = EpochReport<M> & {
  readonly validation: Scores<M>;
};

/** What one step came to. */
export interface StepReport {
  readonly epoch: number;
  /** Counted from 0 over the life of the model. */
  readonly step: number;
  readonly rows: number;
  readonly loss: number;
  /** Norm of the whole gradient, before clipping. */
  readonly gradientNorm: number;
  readonly learningRate: number;
}
