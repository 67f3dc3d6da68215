import { AROUND, type Axes, axes, type Box, ticksAlong, ticksUp, within } from "./axes.js";
import { belowNote, MARGIN, type PlotSettings, picture } from "./picture.js";
import { extentOf, linearScale, logScale, type Scale } from "./scale.js";
import { curve, legend, type Series } from "./series.js";
import { label, line, shortened } from "./svg.js";

/** Curves between axes of their own. */
export interface Panel {
  readonly title?: string | undefined;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
  readonly isLogarithmic?: { readonly x?: boolean; readonly y?: boolean };
  /** Where an axis begins and ends, if the numbers do not say. */
  readonly bounds?: { readonly x?: readonly [number, number]; readonly y?: readonly [number, number] };
  /** Whether x counts something. */
  readonly isCounted?: boolean;
  /** Places along x or y that are marked by a line with a name. */
  readonly guides?: readonly { readonly x?: number; readonly y?: number; readonly name: string }[];
  /** A line from one corner to the other, for comparison. */
  readonly diagonal?: string;
}

/** Height of a panel with its axes, and how wide one must be to stand beside another. */
const HEIGHT = 240;
const NARROWEST = 300;

/** A scale for what series have along an axis. */
function scaleOf(panel: Panel, axis: "x" | "y", box: Box): Scale {
  const isX = axis === "x";
  const all = panel.series.flatMap(({ points }) => points.map((point) => point[isX ? 0 : 1]));
  const isLogarithmic = panel.isLogarithmic?.[axis] === true;
  const found = extentOf(isLogarithmic ? all.filter((value) => value > 0) : all);
  const extent = panel.bounds?.[axis] ?? found ?? (isLogarithmic ? ([0.1, 1] as const) : ([0, 1] as const));
  const pixels: [number, number] = isX ? [box.x, box.x + box.width] : [box.y + box.height, box.y];
  if (isLogarithmic) return logScale(extent, pixels, isX ? ticksAlong(box.width) : ticksUp(box.height));
  const count = isX ? ticksAlong(box.width) : ticksUp(box.height);
  return linearScale(extent, pixels, { count, exact: isX, whole: isX && panel.isCounted === true });
}

function drawPanel(panel: Panel, place: Box): string {
  const box = within(place);
  const [x, y] = [scaleOf(panel, "x", box), scaleOf(panel, "y", box)];
  const { xLabel, yLabel } = panel;
  const title = panel.title === undefined ? undefined : shortened(panel.title, Math.floor(box.width / 6.8));
  const shown: Axes = { box, title, xLabel, yLabel, x, y };
  const guides = (panel.guides ?? []).map(({ x: atX, y: atY, name }) => {
    const dashed = { class: "faint", "stroke-dasharray": "3 3" };
    if (atX !== undefined) {
      const at = x.at(atX);
      const isRight = at > box.x + box.width / 2;
      const text = label(at + (isRight ? -4 : 4), box.y + 12, name, {
        class: `soft ground over${isRight ? " end" : ""}`,
      });
      return line(at, box.y, at, box.y + box.height, dashed) + text;
    }
    const at = y.at(atY as number);
    const text = label(box.x + box.width - 4, at - 4, name, { class: "soft ground over end" });
    return line(box.x, at, box.x + box.width, at, dashed) + text;
  });
  const diagonal =
    panel.diagonal === undefined
      ? ""
      : line(box.x, box.y + box.height, box.x + box.width, box.y, {
          class: "faint",
          "stroke-dasharray": "3 3",
        }) +
        label(box.x + box.width * 0.6, box.y + box.height * 0.4 + 26, panel.diagonal, {
          class: "soft ground over",
        });
  return axes(shown) + diagonal + guides.join("") + panel.series.map((one) => curve(one, x, y)).join("");
}

/** Panels beside and below each other, with one legend for all of them. */
export function panels(
  settings: PlotSettings,
  all: readonly Panel[],
  {
    description,
    note,
    tall = HEIGHT,
  }: {
    readonly description: string;
    readonly note?: string | undefined;
    /** Height of each panel. */
    readonly tall?: number;
  },
): string {
  const { width } = settings;
  const inner = width - 2 * MARGIN;
  const columns = Math.max(1, Math.min(all.length, Math.floor(inner / NARROWEST)));
  const wide = inner / columns;
  const named = new Map(all.flatMap(({ series }) => series.map((one) => [one.name, one] as const)));
  const top = belowNote(note, width);
  const listed = named.size > 1 || all.some(({ title }) => title === undefined);
  const names = legend(
    listed ? [...named.values()] : [],
    MARGIN + AROUND.left,
    top + 10,
    inner - AROUND.left,
  );
  const start = top + names.height + 6;
  const drawn = all.map((panel, i) =>
    drawPanel(panel, {
      x: MARGIN + (i % columns) * wide - 6,
      y: start + Math.floor(i / columns) * tall,
      width: wide,
      height: tall,
    }),
  );
  const height = start + Math.ceil(all.length / columns) * tall + 8;
  return picture(settings, { height, description, note, body: [names.markup, ...drawn] });
}
