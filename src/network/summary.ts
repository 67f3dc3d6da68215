import { inColumns } from "../check/columns.js";
import type { Parameter } from "../graph/primitives/step/source.js";
import { formatShape } from "../graph/shape.js";
import type { AnyNetwork } from "./description.js";
import { activationOf, elementsOf, multiplicationsOf } from "./wiring.js";

/**
 * A network as a table, with a line for each layer: its activation, what it is called on, and estimates of its
 * multiplications for one row. Of a layer that is used twice there are both calls, `a; b`, in its line:
 *
 *     layer             output       from   parameters  multiplications
 *     input             [rows, 784]                  0                0
 *     dense, relu       [rows, 128]  input      100480           100352
 *     dense_2, softmax  [rows, 10]   dense        1290             1280
 *     total                                     101770           101632
 *     bytes: 407080 of parameters, 3688 of results for each row
 *
 * A further line says how many are trained, unless all are: not those of frozen layers, nor running averages.
 *
 * @param more a line below
 */
export function summarize(
  { layers, wiring: { nodes, names } }: AnyNetwork,
  isTrained: (one: Parameter) => boolean,
  more = "",
): string {
  let [total, trained, products] = [0, 0, 0];
  const lines = layers.map(({ name, kind, shape, parameters }) => {
    const uses = nodes.filter(({ layer }) => names.get(layer) === name);
    const product = uses.reduce((sum, node) => sum + multiplicationsOf(node, parameters), 0);
    const own = parameters.filter((one) => one.average === undefined);
    const moving = own.filter(isTrained);
    const elements = elementsOf(parameters);
    total += elements;
    trained += elementsOf(moving);
    products += product;
    const told = [
      name.slice(name.lastIndexOf("/") + 1).startsWith(kind) ? name : `${name} (${kind})`,
      uses[0] && activationOf(uses[0].layer),
      moving.length < own.length && (moving.length > 0 ? "partly frozen" : "frozen"),
    ];
    const from = uses.map(({ inputs }) => inputs.map(({ layer }) => names.get(layer)).join(", "));
    return [told.filter(Boolean).join(", "), formatShape(shape), from.join("; "), elements, product];
  });
  return `${inColumns([
    ["layer", "output", "from", "parameters", "multiplications"],
    ...lines,
    ["total", "", "", total, products],
    ...(trained < total ? [["trained", "", "", trained, ""]] : []),
  ])}
bytes: ${4 * total} of parameters, ${4 * elementsOf(nodes)} of results for each row${more}`;
}
