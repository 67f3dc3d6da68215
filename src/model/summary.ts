import { parameterElements } from "../compile/graphs.js";
import type { Parameter } from "../graph/primitives/step/source.js";
import { formatShape } from "../graph/shape.js";
import type { AnyNetwork } from "../network/description.js";

/**
 * Layers, output shapes and numbers of parameters as a table:
 *
 *     layer           output       parameters
 *     input           [rows, 784]           0
 *     dense           [rows, 128]      100480
 *
 * A last line says how many are trained, unless all are: not those of frozen layers, nor running averages.
 */
export function summarize(network: AnyNetwork, isTrained: (one: Parameter) => boolean): string {
  const rows = network.layers.map(({ name, kind, shape, parameters }) => ({
    layer: name.slice(name.lastIndexOf("/") + 1).startsWith(kind) ? name : `${name} (${kind})`,
    output: formatShape(shape),
    parameters: elements(parameters),
  }));
  const all = network.layers.flatMap(({ parameters }) => parameters);
  const total = elements(all);
  const trained = elements(all.filter((one) => one.average === undefined && isTrained(one)));
  const lines = [
    ["layer", "output", "parameters"],
    ...rows.map((row) => [row.layer, row.output, String(row.parameters)]),
    ["total", "", String(total)],
    ...(trained < total ? [["trained", "", String(trained)]] : []),
  ];
  const width = (column: number) => Math.max(...lines.map((line) => line[column]?.length ?? 0));
  return lines
    .map(([layer = "", output = "", parameters = ""]) =>
      [layer.padEnd(width(0)), output.padEnd(width(1)), parameters.padStart(width(2))].join("  "),
    )
    .join("\n");
}

const elements = (parameters: readonly Parameter[]): number =>
  parameters.reduce((sum, one) => sum + parameterElements(one), 0);
