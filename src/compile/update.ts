import { AccumulateRecord, GradientNormRecord, Op } from "../../assembly/isa.js";
import type { Instruction, Place } from "./instruction.js";
import { type Group, type ParameterPlaces, part } from "./segments.js";

/** ‖update‖ ≤ learningRate · (amplification · ‖gradient‖ + constant + decay · ‖parameter‖) */
export interface UpdateBound {
  readonly amplification: number;
  readonly constant: number;
  readonly decay: number;
}

/** Where an optimizer works: parts of the segments, laid out alike. */
export interface UpdatePlaces {
  readonly parameters: Place;
  readonly gradients: Place;
  readonly slots: readonly Place[];
}

/** What updates the parameters: `train/optimizers.ts` gives it. */
export interface Update {
  readonly slots: number;
  readonly bound: UpdateBound;
  instruction(places: UpdatePlaces, group: Pick<Group, "decays" | "since">): Instruction;
}

export interface UpdateOptions {
  readonly update: Update;
  /** Norm that the gradient is clipped to; 0 leaves it as it is. */
  readonly clipNorm: number;
  /** Whether a step has several micro-batches, whose gradients are added up. */
  readonly accumulates: boolean;
  /** Whether the loss is a mean over the rows of a step, or their sum. */
  readonly weighted: boolean;
}

/** The instructions behind a step's gradients: adding up, the check of their norm, the update of each part. */
export function updateInstructions(
  { groups, trainedBytes }: ParameterPlaces,
  { update, clipNorm, accumulates, weighted }: UpdateOptions,
): Instruction[] {
  if (trainedBytes === 0) return [];
  const fresh = part("gradients", 0, trainedBytes);
  // What the micro-batches add up to lies behind the gradient of the last one.
  const start = accumulates ? trainedBytes : 0;
  const gradients = part("gradients", start, trainedBytes);
  const places = (offset: number, bytes: number): UpdatePlaces => ({
    parameters: part("parameters", offset, bytes),
    gradients: part("gradients", start + offset, bytes),
    slots: Array.from({ length: update.slots }, (_, i) => part("slots", i * trainedBytes + offset, bytes)),
  });
  return [
    ...(accumulates ? [accumulate(gradients, fresh, weighted)] : []),
    gradientNorm(part("parameters", 0, trainedBytes), gradients, update.bound, clipNorm),
    ...groups.map((group) => update.instruction(places(group.offset, group.bytes), group)),
  ];
}

const accumulate = (sum: Place, gradient: Place, weighted: boolean): Instruction => ({
  op: Op.Accumulate,
  record: AccumulateRecord,
  layer: "gradient",
  operands: { sum, gradient, count: { count: gradient.size }, weighted: weighted ? 1 : 0 },
});

const gradientNorm = (
  parameter: Place,
  gradient: Place,
  bound: UpdateBound,
  clipNorm: number,
): Instruction => ({
  op: Op.GradientNorm,
  record: GradientNormRecord,
  layer: "gradient",
  operands: {
    gradient,
    parameter,
    count: { count: gradient.size },
    maximum: { real: clipNorm },
    amplification: { real: bound.amplification },
    constant: { real: bound.constant },
    decay: { real: bound.decay },
  },
});
