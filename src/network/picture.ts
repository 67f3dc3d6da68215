import { Late } from "../late.js";
import type { Weights } from "../plot/network/given.js";
import type { AnyNetwork } from "./description.js";

export const pictures = new Late("pictures", () => import("../plot/display.js"));

/**
 * What shows a network, or a model of it, where it is printed, in place of its insides: the hook of Node, which Deno and
 * Bun ask for too, and that of Deno's kernel for Jupyter, which gets a picture beside the text.
 */
export const shown = (network: AnyNetwork, text: () => string, weights?: () => Weights) => ({
  [Symbol.for("nodejs.util.inspect.custom")]: () => text(),
  [Symbol.for("Jupyter.display")]: async () =>
    (await pictures.load("display")).display(network, text(), weights),
});
