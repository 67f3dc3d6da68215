/** What the graph says of outputs: targets that they cannot reach, and layers that make the same of whatever they are given. */
import { inputValues } from "../../compile/graphs.js";
import { type Reach, reachOf } from "../../graph/reach.js";
import { schedule } from "../../graph/schedule.js";
import { ROWS, sizeOf } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import type { ModelState } from "../../model/state.js";
import { hasTarget } from "../scoring/outputs.js";
import { OF_NUMBERS } from "./arrays.js";
import type { Suspicion } from "./rules.js";
import type { Entry } from "./statistics.js";

/** Three digits, and no exponent where none is needed. */
const short = (value: number) => String(Number(value.toPrecision(3)));
const TOLERANCE = 1e-6;

/** What the graphs of a network say. Not a class, of which several files would have copies. */
export interface OutputReaches {
  /** Whether there is any target that an output cannot come to. */
  isBounded(place: number): boolean;
  /** Targets between `minimum` and `maximum` that their output cannot come to. @param place among the targets */
  unreachable(place: number, minimum: number, maximum: number): Suspicion[];
  /** Layers that normalize a single number, of which nothing is left. */
  constants(): Suspicion[];
  /** Whether an observed step has one row: as many numbers of an input as a row has. */
  isOneRow(entries: readonly Entry[]): boolean;
  /** Layers that normalize over the rows of a step, where it has only one and there is nothing else to go over. */
  oneRow(): Suspicion[];
}

/** Looks at the graphs of a network. */
export function outputReaches(state: ModelState): OutputReaches {
  const { network, outputs: settled } = state.settings;
  const { outputs } = network.build(inputValues(network), false);
  /** Of the outputs that have targets; undefined where the loss is not one of numbers. */
  const reaches = settled.filter(hasTarget).map(({ index, loss, weight }) => {
    const value = outputs[index] as Value;
    const isOfNumbers = loss !== undefined && weight > 0 && OF_NUMBERS.includes(loss.name);
    return isOfNumbers ? ([value, reachOf(value)] as const) : undefined;
  });
  return {
    isBounded: (place) => reaches[place]?.[1].some(Number.isFinite) === true,
    unreachable(place, minimum, maximum) {
      const found = reaches[place];
      const isReached = found === undefined || lieWithin(found[1], minimum, maximum);
      return isReached ? [] : [unreachableTarget(state, place, found, [minimum, maximum])];
    },
    constants: () =>
      normalized(outputs)
        .filter((one) => reachOf(one).every((end) => end === 0))
        .map(constantOutput),
    isOneRow(entries) {
      const [input] = state.shapes.inputs;
      const entry = entries.find(({ what }) => what === "input");
      return input !== undefined && entry?.count === sizeOf(input.shape).factor;
    },
    oneRow: () =>
      normalized(network.build(inputValues(network), true, state.isTrained).outputs)
        .filter(isOverRows)
        .map(oneRowBatch),
  };
}

const normalized = (outputs: readonly Value[]): Value[] =>
  schedule(outputs).filter(({ op }) => op.name === "normalize");

function lieWithin([low, high]: Reach, minimum: number, maximum: number): boolean {
  const room = (end: number) => TOLERANCE * Math.max(1, Math.abs(end));
  return minimum >= low - room(low) && maximum <= high + room(high);
}

function unreachableTarget(
  { shapes: { targets, single } }: ModelState,
  place: number,
  [{ layer, op }, [low, high]]: readonly [Value, Reach],
  [minimum, maximum]: Reach,
): Suspicion {
  const name = single.output ? "y" : `y.${targets[place]?.name}`;
  return {
    kind: "unreachableTarget",
    layer,
    message:
      `${name} reaches from ${short(minimum)} to ${short(maximum)}, and what "${layer}" makes, by ${op.name}, ` +
      `only from ${short(low)} to ${short(high)}`,
    mend:
      "End in a layer without activation, or bring the targets into that range: minMaxScaler of wasmgrad/data, " +
      "whose inverse turns predictions back.",
    isCertain: true,
  };
}

const constantOutput = ({ layer }: Value): Suspicion => ({
  kind: "constantOutput",
  layer,
  message: `"${layer}" normalizes over a single number, and so makes the same of whatever it is given`,
  mend: "Leave it out, give the layer before it more units, or use batchNorm, which goes over the rows.",
  isCertain: true,
});

/** Whether an op goes over the rows, and what else it goes over is of length 1. */
function isOverRows(one: Value): boolean {
  const { axes } = one.attributes as { readonly axes: readonly number[] };
  const { shape } = one.inputs[0] as Value;
  return axes.includes(0) && axes.every((axis) => shape[axis] === ROWS || shape[axis] === 1);
}

const oneRowBatch = ({ layer }: Value): Suspicion => ({
  kind: "oneRowBatch",
  layer,
  message: `a step has a single row, of which "${layer}", which normalizes over the rows, makes the same whatever it is`,
  mend: "Give a batchSize that leaves no single row for the last step, or use layerNorm. Running averages stay as they are.",
  isCertain: true,
});
