import type { Scale } from "./scale.js";
import { element, escaped, label, line } from "./svg.js";

/** A place in a picture, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Axes {
  /** Of what is drawn between the axes, without their labels. */
  readonly box: Box;
  readonly title?: string | undefined;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly x: Scale;
  readonly y: Scale;
}

/** Room that the axes of a box need around it. */
export const AROUND = { left: 74, right: 16, top: 24, bottom: 44 };

/** The box between axes that fill a place. */
export const within = ({ x, y, width, height }: Box): Box => ({
  x: x + AROUND.left,
  y: y + AROUND.top,
  width: width - AROUND.left - AROUND.right,
  height: height - AROUND.top - AROUND.bottom,
});

/** Two axes with ticks, a grid, what they are, and a title above. */
export function axes({ box, title, xLabel, yLabel, x, y }: Axes): string {
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const turned = `rotate(-90 ${box.x - 58} ${middle.y})`;
  return element(
    "g",
    {},
    ...(title === undefined ? [] : [label(box.x, box.y - 9, title, { class: "ink name" })]),
    ...y.ticks.map(({ value }) => line(box.x, y.at(value), right, y.at(value), { class: "grid" })),
    line(box.x, bottom, right, bottom, { class: "faint" }),
    line(box.x, box.y, box.x, bottom, { class: "faint" }),
    ...x.ticks.flatMap((tick) => [
      line(x.at(tick.value), bottom, x.at(tick.value), bottom + 4, { class: "faint" }),
      label(x.at(tick.value), bottom + 17, tick.label, { class: "soft middle" }),
    ]),
    ...y.ticks.map((tick) => label(box.x - 6, y.at(tick.value) + 4, tick.label, { class: "soft end" })),
    label(middle.x, bottom + 35, xLabel, { class: "ink middle" }),
    element("text", { x: box.x - 58, y: middle.y, class: "ink middle", transform: turned }, escaped(yLabel)),
  );
}

/** How many ticks an axis of so many pixels has room for. */
export const ticksAlong = (pixels: number): number => Math.max(2, Math.min(8, Math.floor(pixels / 70)));
export const ticksUp = (pixels: number): number => Math.max(2, Math.min(6, Math.floor(pixels / 36)));
