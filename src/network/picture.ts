import { type Inspection, inspection } from "../check/inspection.js";
import { Late } from "../late.js";
import type { Weights } from "../plot/network/drawing.js";
import type { AnyNetwork } from "./description.js";

export const pictures = new Late("pictures", () => import("../plot/display.js"));

/** What shows a network, or a model of it, where it is printed; in notebooks with its picture. */
export const pictured = (network: AnyNetwork, text: () => string, weights?: () => Weights): Inspection =>
  inspection(text, async () => (await pictures.load("Jupyter.display")).display(network, weights));
