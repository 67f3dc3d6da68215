/** SVG as text: elements, escaped. */

/** What XML gives another meaning, or does not allow: controls, halves of surrogate pairs, and two that are no characters. */
const FORBIDDEN = /(?![\t\n\r])\p{Cc}|[\ufffe\uffff]|\p{Cs}/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "amp",
  "<": "lt",
  ">": "gt",
  '"': "quot",
  "'": "#39",
};

/** A text as XML takes it, between elements or in an attribute. */
export const escaped = (text: string): string =>
  text.replace(FORBIDDEN, "\ufffd").replace(/[&<>"']/g, (letter) => `&${ENTITIES[letter]};`);

/** A number as coordinates have it: to a hundredth of a pixel. */
export const rounded = (x: number): number => Math.round(x * 100) / 100;

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element of children that are markup already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const given = Object.entries(attributes).flatMap(([key, value]) => {
    if (value === undefined) return [];
    return ` ${key}="${typeof value === "number" ? rounded(value) : escaped(value)}"`;
  });
  const content = children.join("");
  return content === "" ? `<${name}${given.join("")}/>` : `<${name}${given.join("")}>${content}</${name}>`;
}

/** A text in ink; `class` adds "soft", "small", "middle", "end" … of the style. */
export const label = (x: number, y: number, text: string, attributes: Attributes = {}): string =>
  element("text", { x, y, ...attributes }, escaped(text));

export const line = (x1: number, y1: number, x2: number, y2: number, attributes: Attributes): string =>
  element("line", { x1, y1, x2, y2, ...attributes });

export const rectangle = (
  x: number,
  y: number,
  width: number,
  height: number,
  attributes: Attributes,
): string => element("rect", { x, y, width, height, ...attributes });

/** What a pointer that rests on an element is told. */
export const tooltip = (text: string): string => element("title", {}, escaped(text));

/**
 * About how wide a text of 12 pixels is: fonts differ, so that whoever needs room for it takes this much, which few exceed.
 */
export const widthOf = (text: string): number => [...text].length * 7;

/** A text of at most so many letters, its end left out. */
export function shortened(text: string, most: number): string {
  const letters = [...text];
  return letters.length <= most ? text : `${letters.slice(0, Math.max(1, most - 1)).join("")}…`;
}
