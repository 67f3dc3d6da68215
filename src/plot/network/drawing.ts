import type { AnyNetwork } from "../../network/description.js";
import { type PlotSettings, picture } from "../drawing/picture.js";
import { blocks } from "./blocks.js";
import type { NetworkDrawing } from "./given.js";
import { columnsOf, reasonForBlocks } from "./layout.js";
import { neurons } from "./neurons.js";

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
