import { integer, oneOf, text } from "../../check/kinds.js";
import type { Settled } from "../../check/schema.js";
import { element, escaped, label, rectangle, shortened } from "./svg.js";
import { styleOf, type Theme } from "./theme.js";

/** What all pictures can be told. */
export interface PlotOptions {
  /** Default: what the picture is of. */
  readonly title?: string;
  /** Pixels, at least 240; a page may scale it. Default 640. */
  readonly width?: number;
  /** `auto` follows the preference of whoever looks at it; a page with a switch of its own says which. Default `auto`. */
  readonly theme?: Theme;
}

/** The options of all pictures. */
export const plotSchema = (title: string) => ({
  title: text(title),
  width: integer(240, 640),
  theme: oneOf({ auto: 0, light: 0, dark: 0 }, "auto", "theme"),
});

export type PlotSettings = Settled<ReturnType<typeof plotSchema>>;

/** Room for the title, and around everything. */
export const TOP = 40;
export const MARGIN = 16;

interface Content {
  readonly height: number;
  /** What is to be seen, in words: for who cannot see it. */
  readonly description: string;
  /** Stands below the title. */
  readonly note?: string | undefined;
  readonly body: readonly string[];
}

/** A picture as an SVG document, which is a file by itself and a part of a page alike. Its body begins below TOP. */
export function picture({ title, width, theme }: PlotSettings, content: Content): string {
  const { height, description, note, body } = content;
  const letters = Math.floor((width - 2 * MARGIN) / 8);
  const shown = [
    label(MARGIN, 24, shortened(title, letters), { class: "ink title" }),
    ...(note === undefined
      ? []
      : wrapped(note, Math.floor((width - 2 * MARGIN) / 6.2)).map((one, i) =>
          label(MARGIN, 42 + 15 * i, one, { class: "soft" }),
        )),
  ];
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    class: "wasmgrad",
    role: "img",
    "aria-label": `${title}. ${description}`,
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
  };
  return element(
    "svg",
    attributes,
    element("title", {}, escaped(title)),
    element("desc", {}, escaped(description)),
    element("style", {}, styleOf(theme)),
    rectangle(0, 0, width, height, { class: "surface" }),
    ...shown,
    ...body,
  );
}

/** Lines of at most so many letters, broken between words. */
export function wrapped(text: string, letters: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1) as string;
    if (last === "") lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= letters) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Where the body begins below a note. */
export const belowNote = (note: string | undefined, width: number): number =>
  note === undefined ? TOP : 38 + 15 * wrapped(note, Math.floor((width - 2 * MARGIN) / 6.2)).length;
