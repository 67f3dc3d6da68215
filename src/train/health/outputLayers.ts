/** Which layers make the outputs of a network. */
import type { Node } from "../../layers/layer.js";
import type { Wiring } from "../../network/build.js";

/** Whether a layer only passes on, in another form, what others made: flatten, rescale, concatenate, one's own. */
const passesOn = ({ parametersOf }: Wiring, { layer }: Node) =>
  layer.definition.kind !== "activation" && parametersOf(layer).length === 0;

/** Names of the layers whose results are outputs, or are passed on to be outputs. Without recursion: there may be thousands. */
export function outputLayers(wiring: Wiring): ReadonlySet<string> {
  const names = new Set<string>();
  const waiting = wiring.outputs.map(({ node }) => node);
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const name = wiring.names.get(node.layer);
    if (name === undefined || names.has(name)) continue;
    names.add(name);
    if (passesOn(wiring, node)) for (const input of node.inputs) waiting.push(input);
  }
  return names;
}
