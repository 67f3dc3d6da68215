import { placeholder } from "../../graph/primitives/step/source.js";
import type { Loss, Reduction } from "../../losses/index.js";
import type { Metric } from "../../metrics/engine/metric.js";
import type { AnyNetwork } from "../../network/description.js";

/** What is asked of one output. */
export interface OutputSettings {
  readonly name: string;
  /** Its place among the outputs of the network. */
  readonly index: number;
  /** Undefined: it is only predicted. */
  readonly loss: Loss | undefined;
  /** Share of its loss in the whole. */
  readonly weight: number;
  readonly metrics: readonly Metric[];
}

export interface ObjectiveSettings {
  readonly outputs: readonly OutputSettings[];
  /** Whether the one output goes without a name: its scores stand by the whole loss. */
  readonly isSingle: boolean;
  /** Layers that add losses of their own. */
  readonly lossLayers: readonly string[];
}

/** What the losses of a network are over the rows of a step. They all are the same. */
export const reductionOf = ({ outputs }: Pick<ObjectiveSettings, "outputs">): Reduction =>
  outputs.find(({ loss }) => loss !== undefined)?.loss?.reduction ?? "mean";

/** Whether examples have targets for an output. */
export const hasTarget = ({ loss }: Pick<OutputSettings, "loss">): boolean =>
  loss !== undefined && loss.hasTarget !== false;

/** Whether there is anything to make small: a loss of an output, or one that a layer adds. */
export const hasLoss = ({ outputs, lossLayers }: ObjectiveSettings): boolean =>
  lossLayers.length > 0 || outputs.some(({ loss }) => loss !== undefined);

/** The layers of a network that add losses of their own, in training or without. */
export function lossLayersOf(network: AnyNetwork): string[] {
  const inputs = network.inputs.map(({ shape }, slot) => placeholder(shape, slot));
  const builds = [true, false].map((training) => network.build(inputs, training));
  return [...new Set(builds.flatMap(({ added }) => added.map(({ layer }) => layer)))];
}
