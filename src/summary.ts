import { parameterElements } from "./compile/graphs.js";
import { formatShape } from "./graph/shape.js";
import type { AnyNetwork } from "./network/description.js";

/**
 * Layers, output shapes and numbers of parameters as a table:
 *
 *     layer           output       parameters
 *     input           [rows, 784]           0
 *     dense           [rows, 128]      100480
 */
export function summarise(network: AnyNetwork): string {
  const rows = network.layers.map(({ name, kind, shape, parameters }) => ({
    layer: name.slice(name.lastIndexOf("/") + 1).startsWith(kind) ? name : `${name} (${kind})`,
    output: formatShape(shape),
    parameters: parameters.reduce((sum, one) => sum + parameterElements(one), 0),
  }));
  const total = rows.reduce((sum, row) => sum + row.parameters, 0);
  const lines = [
    ["layer", "output", "parameters"],
    ...rows.map((row) => [row.layer, row.output, String(row.parameters)]),
    ["total", "", String(total)],
  ];
  const width = (column: number) => Math.max(...lines.map((line) => line[column]?.length ?? 0));
  return lines
    .map(([layer = "", output = "", parameters = ""]) =>
      [layer.padEnd(width(0)), output.padEnd(width(1)), parameters.padStart(width(2))].join("  "),
    )
    .join("\n");
}
