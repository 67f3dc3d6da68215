import { AdamRecord, Op, SgdRecord } from "../../assembly/isa.js";
import type { Instruction, Place } from "../compile/instruction.js";
import type { Group } from "../compile/segments.js";
import type { UpdateBound, UpdatePlaces } from "../compile/update.js";
import { sizeOf } from "../graph/shape.js";
import { checkKeys, checkNumber, checkType, choose } from "../options.js";

/** A learning rate, or one for each step, counted from 0 over the life of the model. */
export type LearningRate = number | ((step: number) => number);

/** How weights change: one instruction, a flat pass over all parameters. */
export interface Optimizer {
  readonly name: string;
  readonly learningRate: LearningRate;
  /** Tensors that it keeps for each parameter. */
  readonly slots: number;
  /** @internal */
  readonly bound: UpdateBound;
  /** @internal */
  instruction(places: UpdatePlaces, group: Pick<Group, "decays" | "since">): Instruction;
}

export interface SgdOptions {
  /** Default 0.01. */
  readonly learningRate?: LearningRate;
  /** Share of the last velocity that is kept, in [0, 1); default 0. */
  readonly momentum?: number;
  /** Looks ahead along the velocity; default false. */
  readonly nesterov?: boolean;
  /** Adds weightDecay · w to the gradient of each parameter, biases too; default 0. */
  readonly weightDecay?: number;
}

const shareDomain = "a number in [0, 1)";
const isShare = (value: number) => value >= 0 && value < 1;
const notNegative = "a number of at least 0";
const isNotNegative = (value: number) => value >= 0;

function checkLearningRate(who: string, learningRate: LearningRate): LearningRate {
  if (typeof learningRate === "function") return learningRate;
  checkNumber(
    who,
    "learningRate",
    learningRate,
    "a positive number, or a function of the step",
    (r) => r > 0,
  );
  return learningRate;
}

const floats = (place: Place) => ({ count: sizeOf([place.bytes / 4]) });

/**
 * g = gradient + weightDecay · w; v = momentum · v + g; w −= learningRate · (nesterov ? g + momentum · v : v).
 *
 * As torch.optim.SGD: v starts at 0 and there is no dampening (Sutskever et al. 2013).
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  checkKeys("sgd", options, ["learningRate", "momentum", "nesterov", "weightDecay"]);
  const { learningRate = 0.01, momentum = 0, nesterov = false, weightDecay = 0 } = options;
  checkNumber("sgd", "momentum", momentum, shareDomain, isShare);
  checkType("sgd", "nesterov", nesterov, "boolean");
  checkNumber("sgd", "weightDecay", weightDecay, notNegative, isNotNegative);
  if (nesterov) checkNumber("sgd", "momentum", momentum, "a number in (0, 1) with nesterov", (m) => m > 0);
  return {
    name: "sgd",
    learningRate: checkLearningRate("sgd", learningRate),
    slots: momentum === 0 ? 0 : 1,
    bound: { amplification: 1 / (1 - momentum), constant: 0, decay: weightDecay / (1 - momentum) },
    instruction: ({ parameters, gradients, slots: [velocity = null] }, { decays }) => ({
      op: Op.Sgd,
      record: SgdRecord,
      layer: "sgd",
      operands: {
        parameter: parameters,
        velocity,
        gradient: gradients,
        count: floats(parameters),
        momentum: { real: momentum },
        nesterov: nesterov ? 1 : 0,
        decay: { real: decays ? weightDecay : 0 },
      },
    }),
  };
}

export interface AdamOptions {
  /** Default 0.001. */
  readonly learningRate?: LearningRate;
  /** Decay of the running mean of the gradient, in [0, 1); default 0.9. */
  readonly beta1?: number;
  /** Decay of the running mean of its square, in [0, 1); default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the second moment; default 1e-8. */
  readonly epsilon?: number;
  /** Default 0. */
  readonly weightDecay?: number;
  /** true: w −= learningRate · weightDecay · w, apart from the moments (AdamW). Default false: added to the gradient. */
  readonly decoupled?: boolean;
}

/**
 * m = β₁m + (1 − β₁)g; v = β₂v + (1 − β₂)g²; w −= learningRate · m̂ / (√v̂ + ε), with m̂ = m / (1 − β₁ᵗ) and
 * v̂ = v / (1 − β₂ᵗ) (Kingma & Ba 2015, algorithm 1; `decoupled`: Loshchilov & Hutter 2019). As torch.optim.Adam.
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function adam(options: AdamOptions = {}): Optimizer {
  checkKeys("adam", options, ["learningRate", "beta1", "beta2", "epsilon", "weightDecay", "decoupled"]);
  const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const { weightDecay = 0, decoupled = false } = options;
  checkNumber("adam", "beta1", beta1, shareDomain, isShare);
  checkNumber("adam", "beta2", beta2, shareDomain, isShare);
  checkNumber("adam", "epsilon", epsilon, "a positive number", (e) => e > 0);
  checkNumber("adam", "weightDecay", weightDecay, notNegative, isNotNegative);
  checkType("adam", "decoupled", decoupled, "boolean");
  return {
    name: "adam",
    learningRate: checkLearningRate("adam", learningRate),
    slots: 2,
    // Kingma & Ba 2015, §2.1: a step is at most learningRate · max(1, (1 − β₁) / √(1 − β₂)) for each parameter.
    bound: {
      amplification: 0,
      constant: Math.max(1, (1 - beta1) / Math.sqrt(1 - beta2)),
      decay: decoupled ? weightDecay : 0,
    },
    instruction: ({ parameters, gradients, slots: [mean = null, variance = null] }, { decays, since }) => ({
      op: Op.Adam,
      record: AdamRecord,
      layer: "adam",
      operands: {
        parameter: parameters,
        mean,
        variance,
        gradient: gradients,
        count: floats(parameters),
        beta1: { real: beta1 },
        beta2: { real: beta2 },
        epsilon: { real: epsilon },
        decay: { real: decays ? weightDecay : 0 },
        decoupled: decoupled ? 1 : 0,
        since,
      },
    }),
  };
}

/** The optimizers that `compile` knows by name, each with its defaults. */
export type OptimizerName = "sgd" | "adam";

const OPTIMIZERS: Readonly<Record<OptimizerName, () => Optimizer>> = { sgd, adam };

/** An optimizer by its name, with its defaults, or as configured. */
export function chooseOptimizer(given: OptimizerName | Optimizer): Optimizer {
  if (typeof given === "object" && given !== null && "instruction" in given) return given;
  return choose("compile", "optimizer", given, OPTIMIZERS)();
}
