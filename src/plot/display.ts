/** Pictures of networks for notebooks: what `console.log` shows there beside the text. */
import type { AnyNetwork } from "../network/description.js";
import { wire } from "../network/wiring.js";
import { take } from "../check/schema.js";
import { type PlotOptions, plotSchema } from "./drawing/picture.js";
import { networkPicture, titleOf, type Weights } from "./network/drawing.js";

/** Neurons that are drawn one by one. */
const MOST = 16;

export function display(network: AnyNetwork, weights?: () => Weights): string {
  const options: PlotOptions = {};
  const settings = take("display", options, plotSchema(titleOf(network)));
  return networkPicture(settings, { nodes: wire(network), weights, most: MOST });
}
