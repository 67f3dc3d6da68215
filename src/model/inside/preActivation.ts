import { schedule } from "../../graph/schedule.js";
import type { Value } from "../../graph/value.js";
import type { Node } from "../../layers/layer.js";
import type { Built, Wiring } from "../../network/build.js";

/** Whether a layer has an activation that may be told apart from what it is given. */
export const hasActivation = ({ layer }: Node): boolean =>
  layer.kind === "activation" || "activation" in layer.options;

/**
 * What a use of a layer gives to its activation: the weighted sums of a dense layer, their bias among them. Undefined
 * where the layer has no activation of its own.
 */
export function preActivationOf(wiring: Wiring, { values }: Built, node: Node): Value | undefined {
  if (!hasActivation(node)) return undefined;
  const given = new Set(node.inputs.map((one) => values.get(one) as Value));
  const own = new Set<unknown>(wiring.parametersOf(node.layer));
  if (own.size === 0) return [...given][0];
  const isOwn = ({ attributes }: Value) => own.has(attributes);
  // The last op that has a parameter of the layer: the bias, or the product where there is none. No activation has one.
  return schedule([values.get(node) as Value])
    .filter(({ inputs }) => inputs.some(isOwn))
    .at(-1);
}
