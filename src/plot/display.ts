/** Pictures of networks for notebooks: what `console.log` shows there beside the text. */

import { take } from "../check/schema.js";
import type { AnyNetwork } from "../network/description.js";
import { type PlotOptions, plotSchema } from "./drawing/picture.js";
import { networkPicture, titleOf } from "./network/drawing.js";
import type { Weights } from "./network/given.js";
import { wire } from "./wiring.js";

/** Neurons that are drawn one by one. */
const MOST = 16;

/** What a notebook shows: text, and a picture unless it fails, as of the weights of a model that was disposed. */
export function display(network: AnyNetwork, text: string, weights?: () => Weights) {
  const options: PlotOptions = {};
  const settings = take("display", options, plotSchema(titleOf(network)));
  try {
    const svg = networkPicture(settings, { nodes: wire(network), weights, most: MOST });
    return { "text/plain": text, "image/svg+xml": svg };
  } catch {
    return { "text/plain": text };
  }
}
