import { notNegative, numberOf } from "../check/kinds.js";
import { checkKeys } from "../check/options.js";
import { type Configured, type Kind as OptionKind, type Settled, take } from "../check/schema.js";
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
export interface Optimizer extends Configured {
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

const learningRateOf =
  (fallback: number): OptionKind<LearningRate, LearningRate | undefined> =>
  (who, name, given = fallback) =>
    typeof given === "function"
      ? given
      : numberOf("a positive number, or a function of the step", (rate) => rate > 0)()(who, name, given);

const groupsOf: OptionKind<ParameterGroups, ParameterGroups | undefined> = (who, name, given = {}) => {
  checkKeys(`${who}: ${name}`, given, Object.keys(given ?? {}));
  for (const [pattern, group] of Object.entries(given)) {
    const decay = notNegative(0);
    take(`${who}: group "${pattern}"`, group, { learningRateScale: notNegative(1), weightDecay: decay });
  }
  return given;
};

/** The options of all optimizers. @param defaultRate the learning rate that is not given */
export const common = (defaultRate: number, weightDecay = 0) => ({
  learningRate: learningRateOf(defaultRate),
  weightDecay: notNegative(weightDecay),
  groups: groupsOf,
});

/** What of an optimizer is in its options alone. */
export const configured = (
  name: string,
  options: Omit<Settled<ReturnType<typeof common>>, "groups"> & { readonly groups?: ParameterGroups },
): Pick<Optimizer, "name" | "options" | "learningRate" | "weightDecay" | "groups"> => {
  const { learningRate, weightDecay, groups = {} } = options;
  return { name, options, learningRate, weightDecay, groups };
};

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
