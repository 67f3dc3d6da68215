/** What arrays, which are all there beforehand, say of a training: inputs and targets that are constant, and the base rate. */

import { constantAnswer } from "../../losses/constantAnswer.js";
import type { Loss } from "../../losses/index.js";
import type { ModelState } from "../../model/state.js";
import type { ExampleTables } from "../../rows/examples.js";
import type { Table } from "../../rows/table.js";
import type { OutputSettings } from "../scoring/outputs.js";
import type { Suspicion } from "./rules.js";
import { ENOUGH_ROWS, FAR } from "./sound.js";

/** What is asked of an output that has a target. */
const settingsOf = ({ settings }: ModelState, name: string) =>
  settings.outputs.find((one) => one.name === name) as OutputSettings & { readonly loss: Loss };

/** Whether all rows are alike. Sparse ones, which have no values here, are not looked at. */
function isConstant({ values, columns, rows, staging }: Table): boolean {
  return (
    staging === undefined && rows >= ENOUGH_ROWS && values.every((value, i) => value === values[i % columns])
  );
}

/** Inputs and targets that are the same for every row. A loss of one's own may have targets that it does not look at. */
export function constants(state: ModelState, { tables }: ExampleTables): Suspicion[] {
  const { inputs, targets, single } = state.shapes;
  const suspect = (kind: Suspicion["kind"], name: string, table: Table | undefined) =>
    table !== undefined && isConstant(table) ? [constant(kind, name, table)] : [];
  return [
    ...inputs.flatMap(({ name }, i) => suspect("constantInput", single.input ? "x" : `x.${name}`, tables[i])),
    ...targets.flatMap(({ name }, i) => {
      const { loss, weight } = settingsOf(state, name);
      if (loss.isCustom || weight === 0) return [];
      return suspect("constantTarget", single.output ? "y" : `y.${name}`, tables[inputs.length + i]);
    }),
  ];
}

/** Losses whose size, and gradient, is that of the targets. */
export const OF_NUMBERS: readonly string[] = [
  "meanSquaredError",
  "sumOfSquares",
  "meanAbsoluteError",
  "huber",
  "smoothL1",
  "logCosh",
  "quantile",
];

/** Targets of a regression that are not of the order of 1. */
export function unscaledTargets(state: ModelState, { tables }: ExampleTables): Suspicion[] {
  const { inputs, targets, single } = state.shapes;
  return targets.flatMap(({ name }, i) => {
    const { loss, weight } = settingsOf(state, name);
    const { values } = tables[inputs.length + i] as Table;
    if (loss.isCustom || weight === 0 || !OF_NUMBERS.includes(loss.name)) return [];
    let squares = 0;
    for (const value of values) squares += value * value;
    const size = Math.sqrt(squares / values.length);
    if (size <= FAR) return [];
    return [
      {
        kind: "unscaledTarget" as const,
        layer: undefined,
        message: `${single.output ? "y" : `y.${name}`} has a root mean square of ${Number(size.toPrecision(3))}`,
        mend: "Bring the targets to the order of 1 with standardScaler of wasmgrad/data, whose inverse turns predictions back.",
        isCertain: true,
      },
    ];
  });
}

const SHOWN = 4;

function constant(kind: Suspicion["kind"], name: string, { values, columns }: Table): Suspicion {
  const shown = Array.from(values.subarray(0, Math.min(columns, SHOWN))).join(", ");
  const [what, how] = kind === "constantInput" ? ["with", "inputs"] : ["from", "targets"];
  return {
    kind,
    layer: undefined,
    message: `${name} is the same for every row: ${shown}${columns > SHOWN ? ", …" : ""}`,
    mend: `There is nothing to learn ${what} it: look at how the ${how} are read.`,
    isCertain: true,
  };
}

/**
 * The whole loss of a network that gives one answer to all rows; undefined where it is not known: with weights of rows,
 * losses that sum, that have no targets or that layers add.
 */
export function constantLoss(state: ModelState, { tables, forms }: ExampleTables): number | undefined {
  const { shapes, settings } = state;
  const isWeighted = forms.length > shapes.targets.length;
  const hasAdded = settings.lossLayers.length > 0;
  if (isWeighted || hasAdded || shapes.targets.length < shapes.scored.length) return undefined;
  let whole = 0;
  for (const [i, { name, shape }] of shapes.targets.entries()) {
    const { loss, weight } = settingsOf(state, name);
    if (loss.reduction === "sum" || loss.constantAnswer === undefined) return undefined;
    whole += weight * constantAnswer(loss.constantAnswer, tables[shapes.inputs.length + i] as Table, shape);
  }
  return whole;
}
