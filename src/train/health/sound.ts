// Whether all is well, told by a few comparisons: only what does not look sound is diagnosed, by a part that is loaded
// then. What the rules suspect must not look sound here; what looks bad here may turn out to be none of them.
import { StatisticsRecord } from "../../../assembly/isa/control.js";
import type { Measured } from "../../compile/observe.js";
import type { ModelState } from "../../model/state.js";
import type { ExampleTables } from "../../rows/examples.js";
import type { Outlook } from "./outlook.js";

/** Share of the largest gradient below which a layer as good as stands still. */
export const VANISHING = 1e-5;
/** Norm of a layer's gradient, over that of its weights or 1 and the scale of the targets, that no sound network has. */
export const EXPLODING = 1e3;
/** Share of a layer's units that may be 0 for a whole batch, or of its elements at their ends. */
export const MOST = 0.5;
/** Rows of a batch, or of arrays, that say something. */
export const ENOUGH_ROWS = 8;
/** Root mean square of inputs that are of the order of 1. */
export const SCALED = 10;
/** Root mean square of targets that a network, whose outputs begin at the order of 1, is far away from. */
export const FAR = 100;

/** Share of a loss that counts as no better than it. */
export const NO_BETTER = 0.99;

/** Numbers of an entry of the statistics. */
export const FIELDS = StatisticsRecord.bytes >>> 3;

/** Whether an output may be unable to come to what a target may be: unless a dense layer without activation makes it. */
export const mayBeBounded = ({ settings }: ModelState): boolean =>
  settings.outputs.some(({ loss, index }) => {
    const { kind, options } = settings.network.wiring.outputs[index]?.node.layer.definition ?? {};
    const isLinear = kind === "dense" && (options as { activation?: unknown }).activation === "linear";
    return loss?.decision === "none" && !isLinear;
  });

/**
 * Whether what an observed step showed is what sound networks show.
 *
 * @param isBounded whether outputs may be bounded: targets beyond those of shares are worth a look then
 * @param kernels names of the parameters with at least two axes: a bias may well have no gradient
 */
export function isStepSound(
  measured: readonly Measured[],
  numbers: Float64Array,
  kernels: ReadonlySet<string>,
  isBounded: boolean,
): boolean {
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  // Written so that NaN does not pass.
  const areSound = measured.every(({ what, name, range, units, isMultiplied }, i) => {
    const at = (field: StatisticsRecord) => numbers[i * FIELDS + (field >>> 3)] as number;
    const [count, squares] = [at(StatisticsRecord.count), at(StatisticsRecord.squares)];
    if (what === "input") return !isMultiplied || squares <= SCALED * SCALED * count;
    if (what === "gradient") {
      if (kernels.has(name) && squares > 0) {
        least = Math.min(least, squares / count);
        most = Math.max(most, squares / count);
      }
      return squares <= EXPLODING * EXPLODING;
    }
    const [low, high] = [at(StatisticsRecord.minimum), at(StatisticsRecord.maximum)];
    if (what === "target") return !isBounded || (low >= 0 && high <= 1);
    // All alike: a single row, or a norm of a single number.
    if (what === "result" && low === high) return false;
    const [dead, saturated] = [at(StatisticsRecord.deadUnits), at(StatisticsRecord.saturated)];
    if (what !== "result" || count < ENOUGH_ROWS * units) return true;
    return (range !== "relu" || dead <= MOST * units) && saturated <= MOST * count;
  });
  return areSound && !(least < VANISHING * VANISHING * most);
}

/** Whether what is known before is sound: no step of a single row, no class that only the validation has, sound arrays. */
export function isOutlookSound(
  state: ModelState,
  { examples, validation, plan }: Outlook,
  isBounded: boolean,
): boolean {
  if (examples === undefined) return true;
  const part = Math.ceil(plan.batchSize / plan.accumulate);
  const isSingle = part === 1 || plan.rows % part === 1;
  if (isSingle && state.parameters.some(({ average }) => average !== undefined)) return false;
  return !validation?.bringsClasses?.(examples) && areArraysSound(state, examples, isBounded);
}

/** Whether inputs and targets differ from row to row, and no target is far off. */
function areArraysSound({ shapes }: ModelState, { tables }: ExampleTables, isBounded: boolean): boolean {
  const inputs = shapes.inputs.length;
  return tables.slice(0, inputs + shapes.targets.length).every(({ values, columns, rows, staging }, i) => {
    if (staging !== undefined) return true;
    if (rows >= ENOUGH_ROWS && values.every((value, at) => value === values[at % columns])) return false;
    if (i < inputs) return true;
    if (isBounded && values.some((value) => value < 0 || value > 1)) return false;
    let squares = 0;
    for (const value of values) squares += value * value;
    return squares <= FAR * FAR * values.length;
  });
}

/** Names of the parameters with at least two axes, in the order of the network. */
export const kernelsOf = ({ parameters }: ModelState): ReadonlySet<string> =>
  new Set(parameters.filter(({ shape }) => shape.length > 1).map(({ name }) => name));
