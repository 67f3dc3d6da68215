import { belowNote, MARGIN, type PlotSettings } from "../drawing/picture.js";
import { formatNumber } from "../drawing/scale.js";
import { element, label, line, shortened, tooltip } from "../drawing/svg.js";
import type { WiredNode } from "../wiring.js";
import { biasOf, type Edge, edgesInto, numberOf } from "./edges.js";
import type { NetworkDrawing, Weights } from "./given.js";
import { unitsOf } from "./layout.js";

const RADIUS = 15;
/** Connections whose weights are written beside them. */
const MOST_WRITTEN = 36;
/** Weights of less than a hundredth of the largest have the thinnest line. */
const [THINNEST, THICKEST] = [0.6, 4.5];

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Room of a node above its first neuron, for its name. */
const HEAD = 46;

/** Where each neuron of each node is, column by column; a column of less stands in the middle. */
function places(
  nodes: readonly WiredNode[],
  columns: readonly (readonly number[])[],
  width: number,
  top: number,
) {
  const tallest = Math.max(
    ...columns.map((column) => column.reduce((sum, i) => sum + unitsOf(nodes[i] as WiredNode), 0)),
  );
  const step = tallest > 10 ? 40 : 54;
  const heightOf = (column: readonly number[]) =>
    column.reduce((sum, i) => sum + HEAD + step * unitsOf(nodes[i] as WiredNode), 0);
  const height = Math.max(...columns.map(heightOf));
  const wide = (width - 2 * MARGIN) / columns.length;
  const found: Point[][] = [];
  columns.forEach((column, depth) => {
    const x = MARGIN + wide * (depth + 0.5);
    let y = top + (height - heightOf(column)) / 2;
    for (const i of column) {
      y += HEAD;
      const start = y;
      found[i] = Array.from({ length: unitsOf(nodes[i] as WiredNode) }, (_, unit) => ({
        x,
        y: start + step * (unit + 0.5) - 8,
      }));
      y += step * unitsOf(nodes[i] as WiredNode);
    }
  });
  return { found, height, wide, isTight: tallest > 10 };
}

/** A network with a circle for each neuron and a line for each connection. */
export function neurons(
  settings: PlotSettings,
  drawing: NetworkDrawing,
  columns: readonly (readonly number[])[],
) {
  const { nodes, gradients, activations } = drawing;
  const weights = drawing.weights?.();
  const shown = gradients ?? weights;
  const edges = nodes.flatMap((_, i) => edgesInto(nodes, i));
  const values = edges.map(({ weight }) => numberOf(shown, weight));
  const largest = values.reduce<number>((most, one) => Math.max(most, Math.abs(one ?? 0)), 0);
  const what = gradients === undefined ? "weight" : "gradient";
  const note =
    largest === 0
      ? undefined
      : `Lines are ${what}s, as thick as they are large, up to ${formatNumber(largest)}` +
        (activations === undefined ? "." : "; circles have activations.");
  const keyTop = belowNote(note, settings.width) + 4;
  const top = keyTop + (largest === 0 ? 0 : 14);
  const { found, height, wide, isTight } = places(nodes, columns, settings.width, top);
  const at = ({ node, unit }: Edge["from"]) => (found[node] as Point[])[unit] as Point;
  const called = ({ node, unit }: Edge["from"]) => `${(nodes[node] as WiredNode).layer} ${unit + 1}`;
  const isWritten = values.filter((one) => one !== undefined).length <= MOST_WRITTEN;
  const lines = edges.map((edge, i) => {
    const [from, to] = [at(edge.from), at(edge.to)];
    const told = [`${called(edge.from)} → ${called(edge.to)}`];
    for (const [name, tensors] of [
      ["weight", weights],
      ["gradient", gradients],
    ] as const) {
      const value = numberOf(tensors, edge.weight);
      if (value !== undefined) told.push(`${name} ${formatNumber(value, 5)}`);
    }
    return element("g", {}, tooltip(told.join(", ")), drawEdge(from, to, values[i], largest));
  });
  const numbers = edges.map((edge, i) => {
    const value = values[i];
    if (value === undefined || !isWritten) return "";
    const [from, to] = [at(edge.from), at(edge.to)];
    // Near to where they lead lines are apart from those to others; every second one is nearer still.
    const share = edge.from.unit % 2 === 0 ? 0.6 : 0.77;
    const [x, y] = [from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share];
    return label(x, y + 3, formatNumber(value, 2), { class: "ink ground over middle small" });
  });
  const circles = nodes.flatMap((node, i) =>
    drawNode(node, found[i] as Point[], wide, {
      weights: shown,
      isTight,
      activations: activations?.[node.layer],
    }),
  );
  return {
    height: top + height + MARGIN,
    note,
    body: [...(largest === 0 ? [] : [key(keyTop, what)]), ...lines, ...numbers, ...circles],
  };
}

/** What the signs of lines look like. */
function key(y: number, what: string): string {
  const second = MARGIN + 165;
  return (
    drawEdge({ x: MARGIN, y }, { x: MARGIN + 30, y }, 1, 1.6) +
    label(MARGIN + 36, y + 4, `positive ${what}`, { class: "soft" }) +
    drawEdge({ x: second, y }, { x: second + 30, y }, -1, 1.6) +
    label(second + 36, y + 4, `negative ${what}`, { class: "soft" })
  );
}

/** Positive weights are lines of the first color, negative ones dashed and of the second. */
function drawEdge(from: Point, to: Point, value: number | undefined, largest: number): string {
  if (value === undefined || largest === 0) return line(from.x, from.y, to.x, to.y, { class: "faint thin" });
  const share = Number.isFinite(value) ? Math.min(1, Math.abs(value) / largest) : 1;
  return line(from.x, from.y, to.x, to.y, {
    class: value < 0 ? "s1" : "s0",
    "stroke-width": THINNEST + (THICKEST - THINNEST) * share,
    "stroke-dasharray": value < 0 ? "6 4" : undefined,
  });
}

interface Numbers {
  readonly weights: Weights | undefined;
  /** Whether there is no room for a bias below its neuron. */
  readonly isTight: boolean;
  readonly activations: ArrayLike<number> | undefined;
}

/** The neurons of a node below its name: what they made in them, their bias below. */
function drawNode(node: WiredNode, points: readonly Point[], wide: number, numbers: Numbers): string[] {
  const { activations } = numbers;
  const bias = biasOf(node);
  const biases = bias === undefined ? undefined : numbers.weights?.[bias];
  const largest = Math.max(1e-30, ...Array.from(activations ?? [], Math.abs).filter(Number.isFinite));
  const head = points[0] as Point;
  const letters = Math.max(4, Math.floor(wide / 7.4));
  const kind = [node.kind, node.activation].filter((one) => one !== undefined).join(", ");
  return [
    label(head.x, head.y - 36, shortened(node.layer, letters), { class: "ink name ground over middle" }),
    label(head.x, head.y - 22, shortened(kind, letters), { class: "soft ground over middle" }),
    ...points.map(({ x, y }, unit) => {
      const value = activations?.[unit];
      const offset = biases?.data[unit];
      const told = [`${node.layer} ${unit + 1}`];
      if (value !== undefined) told.push(`activation ${formatNumber(value, 5)}`);
      if (offset !== undefined) told.push(`bias ${formatNumber(offset, 5)}`);
      const fill =
        value === undefined
          ? ""
          : element("circle", {
              cx: x,
              cy: y,
              r: RADIUS,
              class: value < 0 ? "f1" : "f0",
              "fill-opacity": 0.4 * Math.min(1, Math.abs(value) / largest),
            });
      return element(
        "g",
        {},
        tooltip(told.join(", ")),
        element("circle", { cx: x, cy: y, r: RADIUS, class: "surface" }),
        fill,
        element("circle", { cx: x, cy: y, r: RADIUS, class: "none stroke" }),
        value === undefined ? "" : label(x, y + 3.5, formatNumber(value, 2), { class: "ink middle small" }),
        offset === undefined || numbers.isTight
          ? ""
          : label(x, y + RADIUS + 10, `bias ${formatNumber(offset, 2)}`, {
              class: "soft ground over middle small",
            }),
      );
    }),
  ];
}
