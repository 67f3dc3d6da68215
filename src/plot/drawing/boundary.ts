import { type Axes, axes, within } from "./axes.js";
import { contour } from "./contour.js";
import { belowNote, MARGIN, type PlotSettings, picture } from "./picture.js";
import { formatNumber, linearScale } from "./scale.js";
import { mark } from "./series.js";
import { element, label, rectangle, rounded, widthOf } from "./svg.js";
import { SERIES } from "./theme.js";

/** What a model said at the nodes of a square grid, row by row from below. */
export interface Region {
  readonly values: ArrayLike<number>;
  /** Outputs at each node. */
  readonly columns: number;
  /** Nodes along each axis. */
  readonly side: number;
  readonly threshold: number;
}

interface Plane {
  readonly region: Region;
  readonly range: readonly (readonly [number, number])[];
  readonly points?:
    | { readonly x: readonly (readonly [number, number])[]; readonly labels: readonly number[] | undefined }
    | undefined;
  readonly classes: readonly string[];
  readonly inputs: readonly [string, string];
}

/** Shades of a class, from none to the darkest that ink on it can be read on. */
const SHADES = 8;
const DARKEST = 0.42;
/** Points that are drawn. */
const MOST_POINTS = 600;

/** By node: how much more each class is wanted than the best of the others. */
function margins({ values, columns, side, threshold }: Region): Float64Array[] {
  const nodes = side * side;
  if (columns === 1) {
    const above = Float64Array.from({ length: nodes }, (_, i) => (values[i] as number) - threshold);
    return [above.map((one) => -one), above];
  }
  return Array.from({ length: columns }, (_, k) =>
    Float64Array.from({ length: nodes }, (_, i) => {
      let best = Number.NEGATIVE_INFINITY;
      for (let j = 0; j < columns; j++) if (j !== k) best = Math.max(best, values[i * columns + j] as number);
      return (values[i * columns + k] as number) - best;
    }),
  );
}

/** The plane by what is decided in it, the lines between, and the data. */
export function boundaryPicture(settings: PlotSettings, plane: Plane): string {
  const { region, range, points, classes, inputs } = plane;
  const drawn = points?.x.length ?? 0;
  const stride = Math.max(1, Math.ceil(drawn / MOST_POINTS));
  const note = stride > 1 ? `Every ${stride}th of ${drawn} points.` : undefined;
  const top = belowNote(note, settings.width);
  const place = {
    x: MARGIN - 6,
    y: top - 16,
    width: settings.width - 2 * MARGIN,
    height: Math.min(560, settings.width - 120),
  };
  const box = within(place);
  const [[x1, x2], [y1, y2]] = range as readonly [readonly [number, number], readonly [number, number]];
  const x = linearScale([x1, x2], [box.x, box.x + box.width], { count: 6, exact: true });
  const y = linearScale([y1, y2], [box.y + box.height, box.y], { count: 6, exact: true });
  const last = region.side - 1;
  const across = (j: number) => box.x + (box.width * j) / last;
  const up = (i: number) => box.y + box.height - (box.height * i) / last;
  const wanted = margins(region);
  const pieces = wanted
    .slice(region.columns === 1 ? 1 : 0)
    .flatMap((values) => contour({ values, columns: region.side, rows: region.side }));
  const path = pieces
    .map(([a, b, c, d]) => `M${rounded(across(a))} ${rounded(up(b))}L${rounded(across(c))} ${rounded(up(d))}`)
    .join("");
  const marks = (points?.x ?? []).flatMap((point, i) => {
    const [a, b] = point;
    if (i % stride > 0 || a < x1 || a > x2 || b < y1 || b > y2) return [];
    const style = points?.labels?.[i] ?? 7;
    const name = points?.labels === undefined ? "" : `: ${classes[style]}`;
    return [mark(style, x.at(a), y.at(b), 5, `(${formatNumber(a)}, ${formatNumber(b)})${name}`)];
  });
  const shown: Axes = { box, xLabel: inputs[0], yLabel: inputs[1], x, y };
  const cells = shade(wanted, region.side, across, up);
  return picture(settings, {
    height: place.y + place.height + 8,
    note,
    description: `What is decided for ${inputs[0]} and ${inputs[1]}: ${[...cells.found].map((k) => classes[k]).join(", ")}; ${drawn} points.`,
    body: [
      axes(shown),
      element("g", { "shape-rendering": "crispEdges" }, ...cells.markup),
      ...(path === "" ? [] : [element("path", { d: path, class: "none stroke thick" })]),
      ...marks,
      ...cells.centers.map(({ k, i, j }) => {
        const name = classes[k] as string;
        const half = widthOf(name) / 2 + 4;
        const at = Math.min(box.x + box.width - half, Math.max(box.x + half, across(j)));
        return label(at, Math.min(box.y + box.height - 8, Math.max(box.y + 16, up(i) + 4)), name, {
          class: "ink ground over middle name",
        });
      }),
    ],
  });
}

interface Center {
  readonly k: number;
  readonly i: number;
  readonly j: number;
}

/** Cells of the grid, runs of one shade as one rectangle, and of each class the place farthest from all others. */
function shade(
  wanted: readonly Float64Array[],
  side: number,
  across: (j: number) => number,
  up: (i: number) => number,
) {
  const cells = side - 1;
  const decided = new Int32Array(cells * cells);
  const levels = new Int32Array(cells * cells);
  const largest =
    wanted.reduce((most, one) => one.reduce((max, value) => (value > max ? value : max), most), 0) || 1;
  for (let i = 0; i < cells; i++) {
    for (let j = 0; j < cells; j++) {
      const corners = [i * side + j, i * side + j + 1, (i + 1) * side + j, (i + 1) * side + j + 1];
      const sums = wanted.map((one) => corners.reduce((sum, corner) => sum + (one[corner] as number), 0) / 4);
      const k = sums.reduce((best, sum, one) => (sum > (sums[best] as number) ? one : best), 0);
      decided[i * cells + j] = k;
      const share = Math.min(1, Math.max(0, sums[k] as number) / largest);
      levels[i * cells + j] = 1 + Math.round(share * (SHADES - 1));
    }
  }
  const markup: string[] = [];
  for (let i = 0; i < cells; i++) {
    for (let j = 0; j < cells; ) {
      const at = i * cells + j;
      const [k, level] = [decided[at] as number, levels[at] as number];
      let end = j + 1;
      while (end < cells && decided[i * cells + end] === k && levels[i * cells + end] === level) end++;
      const opacity = (DARKEST * level) / SHADES;
      const [left, high] = [across(j), up(i + 1)];
      markup.push(
        rectangle(left, high, across(end) - left, up(i) - high, {
          class: `f${k % SERIES}`,
          "fill-opacity": opacity,
        }),
      );
      j = end;
    }
  }
  const found = new Set(decided);
  return { markup, found, centers: centersOf(decided, cells, found) };
}

/** For each class the cell that is farthest from cells of others and from the border. */
function centersOf(decided: Int32Array, cells: number, found: ReadonlySet<number>): Center[] {
  // Distances in steps to the nearest cell of another class, by two sweeps over the grid (Rosenfeld & Pfaltz 1966).
  const distance = new Int32Array(cells * cells);
  const at = (i: number, j: number, k: number) => {
    const isInside = i >= 0 && j >= 0 && i < cells && j < cells;
    return isInside && decided[i * cells + j] === k ? (distance[i * cells + j] as number) : 0;
  };
  for (let i = 0; i < cells; i++) {
    for (let j = 0; j < cells; j++) {
      const k = decided[i * cells + j] as number;
      distance[i * cells + j] = 1 + Math.min(at(i - 1, j, k), at(i, j - 1, k));
    }
  }
  const best = new Map<number, Center & { readonly far: number }>();
  for (let i = cells - 1; i >= 0; i--) {
    for (let j = cells - 1; j >= 0; j--) {
      const k = decided[i * cells + j] as number;
      const far = Math.min(distance[i * cells + j] as number, 1 + at(i + 1, j, k), 1 + at(i, j + 1, k));
      distance[i * cells + j] = far;
      if (found.has(k) && far > (best.get(k)?.far ?? 0)) best.set(k, { k, i: i + 0.5, j: j + 0.5, far });
    }
  }
  return [...best.values()];
}
