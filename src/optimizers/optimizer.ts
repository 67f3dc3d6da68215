import { checkKeys, checkNotNegative, checkNumber } from "../check/options.js";
import type { FieldOf, Kind, OperandsOf, RecordLayout } from "../compile/facts/fact.js";
import { type Instruction, instruction, type Place, type PlacedOperand } from "../compile/instruction.js";
import type { Update, UpdateGroup, UpdatePlaces } from "../compile/update.js";
import { sizeOf } from "../graph/shape.js";

/** A learning rate, or one for each step, counted from 0 over the life of the model. */
export type LearningRate = number | ((step: number) => number);

/** What is different for some parameters. */
export interface ParameterGroup {
  /** Factor on the learning rate, whatever its schedule is; default 1, and 0 leaves them as they are. */
  readonly learningRateScale?: number;
  /** In place of the optimizer's own; what never decays, as the slopes of `prelu`, goes without it all the same. */
  readonly weightDecay?: number;
}

/**
 * Groups by the names of what they are for: a layer, a network, a parameter, with `*` for any letters, as for `freeze`:
 * `{ "encoder": { learningRateScale: 0.1 }, "norm*": { weightDecay: 0 } }`. Of several that match, the last counts.
 */
export type ParameterGroups = Readonly<Record<string, ParameterGroup>>;

/** How weights change: a flat pass over each group of parameters. */
export interface Optimizer {
  readonly name: string;
  readonly learningRate: LearningRate;
  /** Tensors that it keeps for each parameter. */
  readonly slots: number;
  /** Weight decay of parameters that no group gives another. */
  readonly weightDecay: number;
  readonly groups: ParameterGroups;
  /** Whether all parameters must be updated as one, so that there cannot be groups. */
  readonly isWhole?: boolean;
  /** Whether a step must be of all rows, so that gradients of different steps can be compared. */
  readonly needsAllRows?: boolean;
  /** Number of the slot that keeps an average of the weights, if one does. */
  readonly averageSlot?: number;
  /** @internal */
  readonly bound: Update["bound"];
  /** @internal */
  readonly instructions: Update["instructions"];
  /** @internal */
  readonly after?: Update["after"];
}

/** What the options of all optimizers have in common. */
export interface OptimizerOptions {
  /** A number, or a function of the step, such as a schedule. */
  readonly learningRate?: LearningRate;
  /** Default 0. */
  readonly weightDecay?: number;
  /** Parameters that are updated in another way, by name; default none. */
  readonly groups?: ParameterGroups;
}

export const COMMON_OPTIONS = ["learningRate", "weightDecay", "groups"] as const;

/** Checks what all optimizers have in common, and fills in its defaults. @throws OptionError */
export function commonOptions(
  who: string,
  { learningRate, weightDecay = 0, groups = {} }: OptimizerOptions,
  defaultRate: number,
): Pick<Optimizer, "name" | "learningRate" | "weightDecay" | "groups"> {
  checkNotNegative(who, "weightDecay", weightDecay);
  checkKeys(`${who}: groups`, groups, Object.keys(groups ?? {}));
  for (const [pattern, group] of Object.entries(groups)) {
    const title = `${who}: group "${pattern}"`;
    checkKeys(title, group, ["learningRateScale", "weightDecay"]);
    const { learningRateScale = 1, weightDecay: decay = 0 } = group;
    checkNotNegative(title, "learningRateScale", learningRateScale);
    checkNotNegative(title, "weightDecay", decay);
  }
  const rate = learningRate === undefined ? defaultRate : learningRate;
  return { name: who, learningRate: checkLearningRate(who, rate), weightDecay, groups };
}

function checkLearningRate(who: string, learningRate: LearningRate): LearningRate {
  if (typeof learningRate === "function") return learningRate;
  const domain = "a positive number, or a function of the step";
  checkNumber(who, "learningRate", learningRate, domain, (rate) => rate > 0);
  return learningRate;
}

/** The count of floats of a place, as a record has it. */
export const floats = (place: Place) => ({ count: sizeOf([place.bytes / 4]) });

export const real = (value: number) => ({ real: value });

/** What the records of all updates have in common; not all of them count steps. */
interface UpdateRecord extends RecordLayout {
  readonly parameter: number;
  readonly gradient: number;
  readonly count: number;
  readonly decay: number;
  readonly rate: number;
}
type Common = "parameter" | "gradient" | "count" | "decay" | "rate" | "since";

/** A pass over a group: `own` is what the record has beside what all updates have in common. */
export function pass<R extends UpdateRecord>(
  kind: Kind<R>,
  layer: string,
  { parameters, gradients }: Omit<UpdatePlaces, "slots">,
  { decay, rate, since }: UpdateGroup,
  own: Omit<OperandsOf<R, PlacedOperand>, Common>,
): Instruction {
  const given: Readonly<Record<string, PlacedOperand>> = {
    ...(own as object),
    parameter: parameters,
    gradient: gradients,
    count: floats(parameters),
    decay: real(decay),
    rate: real(rate),
    since,
  };
  const fields = Object.keys(kind.record).filter((field) => field in given) as FieldOf<R>[];
  const operands = Object.fromEntries(fields.map((field) => [field, given[field]]));
  return instruction(kind, layer, operands as OperandsOf<R, PlacedOperand>);
}

/** Without the slots that a wrapper put behind its own: what the wrapped optimizer works on. */
export const placesOf = ({ slots }: Optimizer, places: UpdatePlaces): UpdatePlaces => ({
  ...places,
  slots: places.slots.slice(0, slots),
});
