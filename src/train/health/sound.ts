// Whether all is well, told by a few comparisons: only what does not look sound is diagnosed, by a part that is loaded
// then. What the rules suspect must not look sound here; what looks bad here may turn out to be none of them.
import { StatisticsRecord } from "../../../assembly/isa/control.js";
import type { Measured } from "../../compile/observe.js";
import type { ModelState } from "../../model/state.js";
import type { ExampleTables } from "../../rows/examples.js";

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

/**
 * Whether what an observed step showed is what sound networks show.
 *
 * @param kernels names of the parameters with at least two axes: a bias may well have no gradient
 */
export function isStepSound(
  measured: readonly Measured[],
  numbers: Float64Array,
  kernels: ReadonlySet<string>,
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
    const [dead, saturated] = [at(StatisticsRecord.deadUnits), at(StatisticsRecord.saturated)];
    if (what !== "result" || count < ENOUGH_ROWS * units) return true;
    return (range !== "relu" || dead <= MOST * units) && saturated <= MOST * count;
  });
  return areSound && !(least < VANISHING * VANISHING * most);
}

/** Whether the inputs and targets of a training on arrays differ from row to row, and no target is far off. */
export function areArraysSound({ shapes }: ModelState, { tables }: ExampleTables): boolean {
  const inputs = shapes.inputs.length;
  return tables.slice(0, inputs + shapes.targets.length).every(({ values, columns, rows }, i) => {
    if (rows >= ENOUGH_ROWS && values.every((value, at) => value === values[at % columns])) return false;
    if (i < inputs) return true;
    let squares = 0;
    for (const value of values) squares += value * value;
    return squares <= FAR * FAR * values.length;
  });
}

/** Names of the parameters with at least two axes, in the order of the network. */
export const kernelsOf = ({ parameters }: ModelState): ReadonlySet<string> =>
  new Set(parameters.filter(({ shape }) => shape.length > 1).map(({ name }) => name));
