/** The colors of pictures, light and dark, and what tells series apart without them. */

interface Palette {
  readonly surface: string;
  readonly ink: string;
  readonly soft: string;
  readonly grid: string;
  /** Of series. On their surface each has a contrast of at least 4.5 (WCAG 2.2, 1.4.3). */
  readonly series: readonly string[];
}

const LIGHT: Palette = {
  surface: "#ffffff",
  ink: "#1b1b1f",
  soft: "#5b5b63",
  grid: "#dcdce2",
  series: ["#0a63ab", "#b34700", "#00705a", "#8238a5", "#7d6200", "#00698a", "#b00040", "#55555c"],
};

const DARK: Palette = {
  surface: "#15171b",
  ink: "#f1f1f4",
  soft: "#b5b7c0",
  grid: "#3a3e47",
  series: ["#6cb6ff", "#ff9f5f", "#4fd0a9", "#d69cff", "#e3c04c", "#63d3ee", "#ff84a3", "#c2c2c9"],
};

/** Dashes of series: with the marks they tell apart what colors do. */
export const DASHES: readonly (string | undefined)[] = [
  undefined,
  "7 3",
  "2 3",
  "9 3 2 3",
  "12 4",
  "4 2",
  "9 3 2 3 2 3",
  "1 2",
];

/** Whether the surface is light or dark: as who looks at it prefers, or always the same. */
export type Theme = "auto" | "light" | "dark";

/** Colors alone, without variables, which many viewers of SVG files do not know. */
const rules = ({ surface, ink, soft, grid, series }: Palette): string =>
  [
    ["surface", `fill:${surface}`],
    ["ground", `stroke:${surface}`],
    ["ink", `fill:${ink}`],
    ["stroke", `stroke:${ink}`],
    ["soft", `fill:${soft}`],
    ["faint", `stroke:${soft}`],
    ["grid", `stroke:${grid}`],
    ...series.flatMap((color, i) => [
      [`f${i}`, `fill:${color}`],
      [`s${i}`, `stroke:${color}`],
    ]),
  ]
    .map(([name, rule]) => `.wasmgrad .${name}{${rule}}`)
    .join("");

const SHAPES =
  ".wasmgrad{max-width:100%;height:auto}" +
  ".wasmgrad text{font:12px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}" +
  ".wasmgrad .title{font-size:15px;font-weight:600}" +
  ".wasmgrad .name{font-weight:600}" +
  ".wasmgrad .small{font-size:10px}" +
  ".wasmgrad .middle{text-anchor:middle}.wasmgrad .end{text-anchor:end}" +
  ".wasmgrad .none{fill:none}.wasmgrad .thin{stroke-width:1}.wasmgrad .thick{stroke-width:2}" +
  ".wasmgrad .over{paint-order:stroke;stroke-width:3;stroke-linejoin:round}";

/** The style of a picture. Its selectors reach nothing else of a page that it stands in. */
export function styleOf(theme: Theme): string {
  if (theme !== "auto") return SHAPES + rules(theme === "dark" ? DARK : LIGHT);
  return `${SHAPES}${rules(LIGHT)}@media (prefers-color-scheme:dark){${rules(DARK)}}`;
}

/** How many series differ in color, dash and mark. */
export const SERIES: number = LIGHT.series.length;
