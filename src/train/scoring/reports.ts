import type { Node } from "../../layers/layer.js";
import type { CollectedName, MetricName } from "../../metrics/engine/index.js";
import type { Ends } from "../../network/ends.js";
import type { Finding } from "../health/finding.js";
import type { StepStatistics } from "../health/statistics.js";

/** What one of several outputs came to: its loss, and the metrics that were asked for, also by names of one's own. */
export type OutputScores = { readonly loss: number } & { readonly [K in MetricName]?: number } & {
  readonly [name: string]: number | undefined;
};

/** Scores of each output by its name, for a network with several. */
export type NamedScores<O extends Ends> = O extends Node
  ? unknown
  : { readonly outputs: { readonly [K in keyof O]: OutputScores } };

/**
 * The loss and the metrics that were asked for at `compile`: means over rows, but for a loss that sums, which is the
 * sum over all rows, and for metrics that are no means. With named outputs, `loss` is the weighted sum of theirs and of
 * what layers add.
 */
export type Scores<M extends string = never, O extends Ends = Node> = {
  readonly loss: number;
  /** Losses that layers add, by the name of the layer. */
  readonly losses?: { readonly [layer: string]: number };
} & { readonly [K in M]: number } & NamedScores<O>;

/** The metrics that reports of training have: all but those that need all rows at once. */
export type TrainingMetric<M extends string> = Exclude<M, CollectedName>;

/**
 * What an epoch came to. Loss and metrics are taken while the weights changed, step by step; `rocAuc` and `prAuc`, which
 * rank all rows by the same weights, are for validation only.
 */
export type EpochReport<M extends string = never, O extends Ends = Node> = Scores<TrainingMetric<M>, O> & {
  /** Counted from 1 in this call of `fit`. */
  readonly epoch: number;
  /** Steps that the epoch had. */
  readonly steps: number;
  /** Loss and metrics on the validation data after the epoch. */
  readonly validation?: Scores<M, O>;
  /** Learning rate of the epoch's last step, with the factor of reduceOnPlateau or a roll-back. */
  readonly learningRate: number;
  /** Rows trained on per second of the engine's time: without validation, callbacks, or the wait for a stream. */
  readonly samplesPerSecond: number;
  /** What was found to be wrong since the last report, each thing once; missing when nothing was. */
  readonly health?: readonly Finding[];
  /** With `statistics`: what the first step of the epoch went through. */
  readonly statistics?: StepStatistics;
};

/** What an epoch came to in a training with validation. */
export type ValidatedReport<M extends string = never, O extends Ends = Node> = EpochReport<M, O> & {
  readonly validation: Scores<M, O>;
};

/** What many steps came to, in their order. Reports and lists are made when they are asked for. */
export interface StepReports extends Iterable<StepReport> {
  /** How many steps there are, at least one. */
  readonly length: number;
  /** One of them, counted from 0; from the end for a negative number: `reports.at(-1)`. */
  at(index: number): StepReport | undefined;
  /** The loss of each. */
  readonly losses: Float64Array;
  /** The norm of the whole gradient of each, before clipping. */
  readonly gradientNorms: Float64Array;
  /** The learning rate of each. */
  readonly learningRates: Float64Array;
}

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
