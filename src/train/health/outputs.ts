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

/** Looks at the graphs of a network. */
export class OutputReaches {
  readonly #state: ModelState;
  readonly #outputs: readonly Value[];
  /** Of the outputs that have targets; undefined where the loss is not one of numbers. */
  readonly #reaches: readonly (readonly [Value, Reach] | undefined)[];

  constructor(state: ModelState) {
    this.#state = state;
    const { network, outputs } = state.settings;
    this.#outputs = network.build(inputValues(network), false).outputs;
    this.#reaches = outputs.filter(hasTarget).map(({ index, loss, weight }) => {
      const value = this.#outputs[index] as Value;
      const isOfNumbers = loss !== undefined && weight > 0 && OF_NUMBERS.includes(loss.name);
      return isOfNumbers ? ([value, reachOf(value)] as const) : undefined;
    });
  }

  /** Whether there is any target that an output cannot come to. */
  isBounded(place: number): boolean {
    return this.#reaches[place]?.[1].some(Number.isFinite) === true;
  }

  /** Targets between `minimum` and `maximum` that their output cannot come to. @param place among the targets */
  unreachable(place: number, minimum: number, maximum: number): Suspicion[] {
    const [value, reach] = this.#reaches[place] ?? [];
    if (value === undefined || reach === undefined) return [];
    const [low, high] = reach;
    const room = (end: number) => TOLERANCE * Math.max(1, Math.abs(end));
    if (minimum >= low - room(low) && maximum <= high + room(high)) return [];
    const { targets, single } = this.#state.shapes;
    const name = single.output ? "y" : `y.${targets[place]?.name}`;
    return [
      {
        kind: "unreachableTarget",
        layer: value.layer,
        message:
          `${name} reaches from ${short(minimum)} to ${short(maximum)}, and what "${value.layer}" makes, by ${value.op.name}, ` +
          `only from ${short(low)} to ${short(high)}`,
        mend:
          "End in a layer without activation, or bring the targets into that range: minMaxScaler of wasmgrad/data, " +
          "whose inverse turns predictions back.",
        isCertain: true,
      },
    ];
  }

  /** Layers that normalize a single number, of which nothing is left. */
  constants(): Suspicion[] {
    return this.#normalized(false)
      .filter((one) => reachOf(one).every((end) => end === 0))
      .map(({ layer }) => ({
        kind: "constantOutput" as const,
        layer,
        message: `"${layer}" normalizes over a single number, and so makes the same of whatever it is given`,
        mend: "Leave it out, give the layer before it more units, or use batchNorm, which goes over the rows.",
        isCertain: true,
      }));
  }

  /** Whether an observed step has one row: as many numbers of an input as a row has. */
  isOneRow(entries: readonly Entry[]): boolean {
    const [input] = this.#state.shapes.inputs;
    const entry = entries.find(({ what }) => what === "input");
    return input !== undefined && entry?.count === sizeOf(input.shape).factor;
  }

  /** Layers that normalize over the rows of a step, where it has only one and there is nothing else to go over. */
  oneRow(): Suspicion[] {
    return this.#normalized(true)
      .filter((one) => {
        const { axes } = one.attributes as { readonly axes: readonly number[] };
        const { shape } = one.inputs[0] as Value;
        return axes.includes(0) && axes.every((axis) => shape[axis] === ROWS || shape[axis] === 1);
      })
      .map(({ layer }) => ({
        kind: "oneRowBatch" as const,
        layer,
        message: `a step has a single row, of which "${layer}", which normalizes over the rows, makes the same whatever it is`,
        mend: "Give a batchSize that leaves no single row for the last step, or use layerNorm. Running averages stay as they are.",
        isCertain: true,
      }));
  }

  #normalized(training: boolean): Value[] {
    const { network } = this.#state.settings;
    const outputs = training
      ? network.build(inputValues(network), true, this.#state.isTrained).outputs
      : this.#outputs;
    return schedule(outputs).filter(({ op }) => op.name === "normalize");
  }
}
