/**
 * What a parameter is kept to: applied after each update, as in Keras, so that it holds after every step of training.
 * First values and `setWeights` are not constrained. Norms are those of the columns, which are the weights of one unit:
 * over all axes but the last, as Keras with axis 0 has it for a dense layer; a vector, such as a bias, is one column.
 */
import { Constraint } from "../../../assembly/isa/optimizer.js";
import { notNegative, numberOf, positive } from "../../check/kinds.js";
import { choose } from "../../check/options.js";
import { type Configured, type Kind, take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import type { ParameterConstraint } from "../../graph/primitives/step/source.js";

/** A constraint by its name, with its defaults, or as configured. */
export type ConstraintOption = ConstraintName | ParameterConstraint;

/** What `maxNorm` and its kind make. */
export interface ConfiguredConstraint extends ParameterConstraint, Configured {
  readonly name: ConstraintName;
}

/** The constraints that an option may name. */
export type ConstraintName = "maxNorm" | "minMaxNorm" | "nonNegative" | "unitNorm";

const norm = (low: number, high: number): ParameterConstraint => ({ kind: Constraint.Norm, low, high });
const NONE = {} as const;

/**
 * Scales each column that is longer down to ‖w‖ = limit (Srivastava et al. 2014, §5.1). As Keras' MaxNorm, which adds
 * 1e−7 to the norm that it divides by.
 *
 * @param limit above 0, default 2
 * @throws OptionError for a limit outside its domain
 */
export function maxNorm(limit = 2): ConfiguredConstraint {
  checkSurplus("maxNorm", arguments, 1);
  positive()("maxNorm", "limit", limit);
  return { ...norm(0, limit), name: "maxNorm", given: [limit], options: NONE };
}

/** w = max(w, 0). As Keras' NonNeg. */
export function nonNegative(): ConfiguredConstraint {
  checkSurplus("nonNegative", arguments, 0);
  const range = { kind: Constraint.Range, low: 0, high: Number.POSITIVE_INFINITY };
  return { ...range, name: "nonNegative", options: NONE };
}

/** Scales each column to ‖w‖ = 1; a column of zeros, which has no direction, stays zero. As Keras' UnitNorm. */
export function unitNorm(): ConfiguredConstraint {
  checkSurplus("unitNorm", arguments, 0);
  return { ...norm(1, 1), name: "unitNorm", options: NONE };
}

export interface MinMaxNormOptions {
  /** At least 0, default 0. */
  readonly min?: number;
  /** At least `min` and above 0, default 1. */
  readonly max?: number;
}

/**
 * Scales each column to min ≤ ‖w‖ ≤ max; a column of zeros stays zero. As Keras' MinMaxNorm with a rate of 1.
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function minMaxNorm(options: MinMaxNormOptions = {}): ConfiguredConstraint {
  checkSurplus("minMaxNorm", arguments, 1);
  const { min = 0 } = options ?? {};
  const domain = `a positive number of at least min, which is ${min}`;
  const settled = take("minMaxNorm", options, {
    min: notNegative(0),
    max: numberOf(domain, (most) => most > 0 && most >= Math.fround(min))(1),
  });
  return { ...norm(settled.min, settled.max), name: "minMaxNorm", options: settled };
}

const CONSTRAINTS: Readonly<Record<ConstraintName, () => ConfiguredConstraint>> = {
  maxNorm,
  minMaxNorm,
  nonNegative,
  unitNorm,
};

/** A constraint by its name or as configured; none when there is none. @throws OptionError with the nearest known name */
export function toConstraint(
  who: string,
  given: ConstraintOption | undefined,
): ParameterConstraint | undefined {
  if (given === undefined) return undefined;
  if (typeof given === "object" && given !== null && "kind" in given) return given;
  return choose(who, "constraint", given, CONSTRAINTS)();
}

/** The kind of options that are constraints. */
export const constraintOption: Kind<ConstraintOption | undefined> = (who, name, given) => {
  toConstraint(`${who}: ${name}`, given);
  return given;
};
