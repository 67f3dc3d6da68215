import type { AnyNetwork } from "../../network/description.js";
import { type PlotSettings, picture } from "../drawing/picture.js";
import type { PlottedTensors } from "../drawing/tensors.js";
import type { WiredNode } from "../wiring.js";
import { blocks } from "./blocks.js";
import { columnsOf, reasonForBlocks } from "./layout.js";
import { neurons } from "./neurons.js";

/** Weights by name, as models have them. */
export type Weights = PlottedTensors;

/** What is drawn of a network. */
export interface NetworkDrawing {
  readonly nodes: readonly WiredNode[];
  /** Asked for only where neurons are drawn one by one. */
  readonly weights?: (() => Weights | undefined) | undefined;
  /** Drawn in place of weights. */
  readonly gradients?: PlottedTensors | undefined;
  /** Of one row, by the layer's name. */
  readonly activations?: { readonly [layer: string]: ArrayLike<number> } | undefined;
  /** Neurons of a layer that are drawn one by one. */
  readonly most: number;
}

export const titleOf = ({ label }: AnyNetwork) => (label === undefined ? "Network" : `Network "${label}"`);

/** A network neuron by neuron where it is small enough, else as blocks, which says why. */
export function networkPicture(settings: PlotSettings, drawing: NetworkDrawing): string {
  const { nodes, most } = drawing;
  const columns = columnsOf(nodes);
  const reason = reasonForBlocks(nodes, columns, most, settings.width);
  const kinds = nodes.map(
    ({ layer, activation }) => layer + (activation === undefined ? "" : `, ${activation}`),
  );
  const shown = kinds.length > 12 ? [...kinds.slice(0, 11), `${kinds.length - 11} more`] : kinds;
  const description = `A network of ${nodes.length} layers: ${shown.join("; ")}.`;
  const content =
    reason === undefined ? neurons(settings, drawing, columns) : blocks(settings, nodes, columns, reason);
  return picture(settings, { ...content, description });
}
