import type { Parameter } from "../graph/primitives/step/source.js";
import { formatShape } from "../graph/shape.js";
import type { AnyNetwork } from "./description.js";
import { elementsOf, wire } from "./wiring.js";

/**
 * A network as a table, with a line for each layer: its activation, what it is called on, and estimates of its
 * multiplications for one row. Whoever uses a layer twice finds both calls, `a; b`, in its line:
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
 * @param more lines below
 */
export function summarize(
  network: AnyNetwork,
  isTrained: (one: Parameter) => boolean,
  ...more: readonly string[]
): string {
  const nodes = wire(network);
  const moves = (one: Parameter) => one.average === undefined && isTrained(one);
  const count = (of: readonly { multiplications: number }[]) =>
    of.reduce((sum, one) => sum + one.multiplications, 0);
  const rows = network.layers.map(({ name, kind, shape, parameters }) => {
    const uses = nodes.filter(({ layer }) => layer === name);
    const own = parameters.filter((one) => one.average === undefined);
    const frozen = own.filter((one) => !isTrained(one)).length;
    const isNamedSo = name.slice(name.lastIndexOf("/") + 1).startsWith(kind);
    return [
      (isNamedSo ? name : `${name} (${kind})`) +
        (uses[0]?.activation ? `, ${uses[0].activation}` : "") +
        (frozen > 0 ? `, ${frozen < own.length ? "partly " : ""}frozen` : ""),
      formatShape(shape),
      uses.map(({ from }) => from.map((i) => nodes[i]?.layer).join(", ")).join("; "),
      elementsOf(parameters),
      count(uses),
    ];
  });
  const all = network.layers.flatMap(({ parameters }) => parameters);
  const total = elementsOf(all);
  const trained = elementsOf(all.filter(moves));
  const lines = [
    ["layer", "output", "from", "parameters", "multiplications"],
    ...rows,
    ["total", "", "", total, count(nodes)],
    ...(trained < total ? [["trained", "", "", trained, ""]] : []),
  ].map((line) => line.map(String));
  const widths = lines.reduce((widest, line) => widest.map((width, i) => Math.max(width, line[i]?.length ?? 0)), [
    0, 0, 0, 0, 0,
  ]);
  const pad = (text: string, i: number) => (i > 2 ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0));
  return [
    ...lines.map((line) => line.map(pad).join("  ").trimEnd()),
    `bytes: ${4 * total} of parameters, ${4 * elementsOf(nodes)} of results for each row`,
    ...more,
  ].join("\n");
}
