/** What may be wrong with a training. */
export type FindingKind =
  | "vanishingGradient"
  | "explodingGradient"
  | "deadUnits"
  | "saturated"
  | "unscaledInput"
  | "constantInput"
  | "constantTarget"
  | "unscaledTarget"
  | "unreachableTarget"
  | "constantOutput"
  | "oneRowBatch"
  | "unseenClasses"
  | "noLearningRate"
  | "stuckAtBaseRate"
  | "stuckBesideBaseRate"
  | "rolledBack";

/** Something that is wrong with a training, where, and how to mend it. */
export interface Finding {
  readonly kind: FindingKind;
  /** The layer that it was found at; undefined where it is the whole network, or the data. */
  readonly layer: string | undefined;
  /** What was found, and the numbers that say so. */
  readonly message: string;
  readonly mend: string;
  /** Steps before it was found, or before where a roll-back went on, over the life of the model. */
  readonly step: number;
}
