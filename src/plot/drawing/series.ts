import type { Scale } from "./scale.js";
import { element, label, line, rounded, tooltip, widthOf } from "./svg.js";
import { DASHES, SERIES } from "./theme.js";

/** A line through points, told from others by color, dash and mark. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Number of its color, dash and mark; more than there are begin anew. */
  readonly style: number;
}

/** Marks by the number of a series, around a point. */
const MARKS: readonly ((x: number, y: number, r: number) => string)[] = [
  (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
  (x, y, r) => `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`,
  (x, y, r) => `M${x} ${y - r * 1.2}l${r * 1.2} ${r * 2.1}h${-r * 2.4}z`,
  (x, y, r) => `M${x} ${y - r * 1.4}l${r * 1.4} ${r * 1.4}l${-r * 1.4} ${r * 1.4}l${-r * 1.4} ${-r * 1.4}z`,
  (x, y, r) => `M${x - r} ${y - r}l${2 * r} ${2 * r}M${x + r} ${y - r}l${-2 * r} ${2 * r}`,
  (x, y, r) => `M${x} ${y - r * 1.3}v${r * 2.6}M${x - r * 1.3} ${y}h${r * 2.6}`,
  (x, y, r) => `M${x} ${y + r * 1.2}l${r * 1.2} ${-r * 2.1}h${-r * 2.4}z`,
  (x, y, r) => `M${x - r * 1.4} ${y - r * 0.6}h${r * 2.8}v${r * 1.2}h${-r * 2.8}z`,
];

/** Coordinates of a path to a hundredth of a pixel. */
const compact = (path: string) =>
  path.replace(/-?\d+\.\d+(e-?\d+)?/g, (number) => String(rounded(Number(number))));

/** The mark of a series at a point. */
export function mark(style: number, x: number, y: number, radius = 3.5, told?: string): string {
  const i = style % SERIES;
  const shape = compact((MARKS[i] as (typeof MARKS)[number])(x, y, radius));
  const isOpen = i === 4 || i === 5;
  const attributes = isOpen ? { class: `none s${i} thick` } : { class: `f${i} ground thin` };
  return element("path", { d: shape, ...attributes }, ...(told === undefined ? [] : [tooltip(told)]));
}

/** Marks of a line: enough to follow it by, few enough to see it. */
const MOST_MARKS = 9;
/** Points of a line: beyond, of each stretch the least and the largest are drawn. */
const MOST_POINTS = 600;

type Point = readonly [x: number, y: number];

/** Of many points, of each stretch the first, the least, the largest and the last: what can be seen of them. */
function thinned(points: readonly Point[]): readonly Point[] {
  if (points.length <= MOST_POINTS) return points;
  const size = Math.ceil((points.length * 4) / MOST_POINTS);
  const kept: Point[] = [];
  for (let start = 0; start < points.length; start += size) {
    const end = Math.min(points.length, start + size);
    let [least, largest] = [start, start];
    for (let i = start; i < end; i++) {
      const y = (points[i] as Point)[1];
      if (!(y >= (points[least] as Point)[1])) least = i;
      if (!(y <= (points[largest] as Point)[1])) largest = i;
    }
    const places = [...new Set([start, least, largest, end - 1])].sort((a, b) => a - b);
    kept.push(...places.map((i) => points[i] as Point));
  }
  return kept;
}

/** The line of a series, broken where a point has no place on the axes, with marks along it. */
export function curve({ name, points, style }: Series, x: Scale, y: Scale): string {
  const i = style % SERIES;
  let path = "";
  let isBroken = true;
  const places: Point[] = [];
  for (const [a, b] of thinned(points)) {
    if (!x.has(a) || !y.has(b)) {
      isBroken = true;
      continue;
    }
    const place: Point = [rounded(x.at(a)), rounded(y.at(b))];
    path += `${isBroken ? "M" : "L"}${place[0]} ${place[1]}`;
    places.push(place);
    isBroken = false;
  }
  const stride = Math.max(1, Math.ceil(places.length / MOST_MARKS));
  const marks = places.flatMap(([a, b], place) => (place % stride === 0 ? [mark(style, a, b)] : []));
  return element(
    "g",
    {},
    tooltip(name),
    ...(path === ""
      ? []
      : [element("path", { d: path, class: `none thick s${i}`, "stroke-dasharray": DASHES[i] })]),
    ...marks,
  );
}

export interface Legend {
  readonly markup: string;
  readonly height: number;
}

/** What the series are called, in rows below each other. */
export function legend(
  series: readonly Omit<Series, "points">[],
  x: number,
  y: number,
  width: number,
): Legend {
  let [left, top] = [x, y];
  const entries = series.map(({ name, style }) => {
    const wide = 44 + widthOf(name) + 12;
    if (left > x && left + wide > x + width) {
      left = x;
      top += 20;
    }
    const i = style % SERIES;
    const entry =
      line(left, top, left + 34, top, { class: `thick s${i}`, "stroke-dasharray": DASHES[i] }) +
      mark(style, left + 17, top) +
      label(left + 42, top + 4, name, { class: "ink" });
    left += wide;
    return entry;
  });
  return { markup: element("g", {}, ...entries), height: series.length === 0 ? 0 : top - y + 20 };
}
