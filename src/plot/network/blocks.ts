import { formatShape } from "../../graph/shape.js";
import { belowNote, MARGIN, type PlotSettings } from "../drawing/picture.js";
import { element, label, rectangle, rounded, shortened, tooltip } from "../drawing/svg.js";
import type { WiredNode } from "../wiring.js";

const [WIDEST, HIGH, STEP] = [330, 44, 70];

interface Block {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly depth: number;
}

/** A network with a block for each use of a layer, from top to bottom; lines that pass others by go around them. */
export function blocks(
  { width }: PlotSettings,
  nodes: readonly WiredNode[],
  columns: readonly (readonly number[])[],
  reason: string,
) {
  const note = `Drawn as blocks: ${reason}.`;
  const top = belowNote(note, width) + 8;
  const depths = nodes.map((_, i) => columns.findIndex((column) => column.includes(i)));
  const passes = nodes.some(({ from }, i) =>
    from.some((one) => (depths[i] as number) - (depths[one] as number) > 1),
  );
  const room = width - 2 * MARGIN - (passes ? 70 : 0);
  const placed: Block[] = [];
  columns.forEach((column, depth) => {
    const wide = room / column.length;
    column.forEach((node, i) => {
      const own = Math.min(WIDEST, wide - 12);
      placed[node] = { x: MARGIN + wide * (i + 0.5) - own / 2, y: top + depth * STEP, width: own, depth };
    });
  });
  const body = nodes.flatMap(({ from }, i) =>
    from.map((one) => arrow(placed[one] as Block, placed[i] as Block)),
  );
  return {
    height: top + (columns.length - 1) * STEP + HIGH + MARGIN,
    note,
    body: [...body, ...nodes.map((node, i) => drawBlock(node, placed[i] as Block))],
  };
}

/** From the lower side of a block to the upper side of another; past others on their right. */
function arrow(from: Block, to: Block): string {
  const [x, y] = [to.x + to.width / 2, to.y];
  const start = { x: from.x + from.width / 2, y: from.y + HIGH };
  const levels = to.depth - from.depth;
  if (levels === 1) {
    const path = `M${rounded(start.x)} ${start.y}L${rounded(x)} ${y - 5}`;
    return element("path", { d: path, class: "none faint" }) + tip(x, y);
  }
  const out = Math.min(60, 26 + 6 * levels);
  const right = Math.max(from.x + from.width, to.x + to.width);
  const [a, b] = [from.y + HIGH / 2, to.y + HIGH / 2];
  const path =
    `M${rounded(from.x + from.width)} ${a}C${rounded(right + out)} ${a} ${rounded(right + out)} ${b} ` +
    `${rounded(to.x + to.width + 5)} ${b}`;
  return element("path", { d: path, class: "none faint" }) + tip(to.x + to.width, b, true);
}

/** The head of an arrow that points down, or to the left. */
const tip = (x: number, y: number, isLeft = false): string =>
  element("path", {
    d: isLeft ? `M${rounded(x)} ${y}l7 -4v8z` : `M${rounded(x)} ${y}l-4 -7h8z`,
    class: "soft",
  });

function drawBlock(node: WiredNode, { x, y, width }: Block): string {
  const { layer, kind, activation, shape, parameters, multiplications } = node;
  const count = Object.values(parameters).reduce(
    (sum, axes) => sum + axes.reduce((product, axis) => product * axis, 1),
    0,
  );
  const letters = Math.floor((width - 12) / 6.6);
  const made = `${activation === undefined ? "" : `${activation} → `}${formatShape(shape)}`;
  const title = layer.slice(layer.lastIndexOf("/") + 1).startsWith(kind) ? layer : `${layer} (${kind})`;
  const told = `${title}: ${made}, ${count} parameters, ${multiplications} multiplications for one row`;
  const middle = x + width / 2;
  const counted = `${made}, ${count} parameters`;
  return element(
    "g",
    {},
    tooltip(told),
    rectangle(x, y, width, HIGH, { rx: 6, class: "surface" }),
    rectangle(x, y, width, HIGH, { rx: 6, class: count > 0 ? "f0" : "soft", "fill-opacity": 0.12 }),
    rectangle(x, y, width, HIGH, { rx: 6, class: "none stroke" }),
    label(middle, y + 18, shortened(title, letters), { class: "ink name middle" }),
    label(middle, y + 34, shortened(count > 0 && counted.length <= letters ? counted : made, letters), {
      class: "soft middle",
    }),
  );
}
