import { DataError } from "../check/errors.js";
import { integer } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import type { LayerStatistics } from "../train/health/statistics.js";
import type { EpochReport } from "../train/scoring/reports.js";
import { type Panel, panels } from "./drawing/panels.js";
import { type PlotOptions, plotSchema } from "./drawing/picture.js";
import { checkReports, counted } from "./drawing/reports.js";

export interface HealthPlotOptions extends PlotOptions {
  /** Layers that are drawn in a panel, evenly chosen from first to last of all; default 8. */
  readonly most?: number;
}

interface Measure {
  readonly title: string;
  readonly yLabel: string;
  readonly of: (statistics: LayerStatistics) => number | undefined;
  readonly isLogarithmic?: true;
  readonly guides?: Panel["guides"];
}

const MEASURES: readonly Measure[] = [
  {
    title: "saturated sigmoids and tanhs",
    yLabel: "share of elements",
    of: ({ activation }) => activation?.saturatedShare,
  },
  {
    title: "dead units, 0 for every row",
    yLabel: "share of units",
    of: ({ activation }) => activation?.deadShare,
  },
  {
    title: "update ratio, |Δw| / |w|",
    yLabel: "update ratio",
    of: ({ updateRatio }) => updateRatio,
    isLogarithmic: true,
    guides: [{ y: 1e-3, name: "usual" }],
  },
  {
    title: "gradient norm",
    yLabel: "gradient norm",
    of: ({ gradientNorm }) => gradientNorm,
    isLogarithmic: true,
  },
];

/**
 * What the layers went through, epoch by epoch: how much of what they make is saturated or dead, by how much an update
 * moves their weights, and the norms of their gradients.
 *
 * @param history what `fit` returns with `{ statistics: true }`
 * @throws DataError for reports without statistics
 */
export function drawHealth(history: readonly EpochReport[], options: HealthPlotOptions = {}): string {
  const who = "drawHealth";
  checkSurplus(who, arguments, 2);
  const settings = take(who, options, { ...plotSchema("Health of the layers"), most: integer(1, 8) });
  const reports = checkReports(who, history);
  const lacking = reports.findIndex(({ statistics }) => statistics === undefined);
  if (lacking >= 0) {
    throw new DataError(
      `${who}: report ${lacking + 1} has no statistics; needs those of each epoch. ` +
        "Train with fit(data, { statistics: true }).",
    );
  }
  const layers = [...new Set(reports.flatMap(({ statistics }) => Object.keys(statistics?.layers ?? {})))];
  const valuesOf = ({ of }: Measure, name: string) =>
    reports.flatMap(({ epoch, statistics }) => {
      const value = of(statistics?.layers[name] ?? {});
      return value === undefined ? [] : [[epoch, value] as const];
    });
  const measured = layers.filter((name) => MEASURES.some((one) => valuesOf(one, name).length > 0));
  const chosen = evenly(measured, settings.most);
  const drawn = MEASURES.map((measure): Panel => {
    const { title, yLabel, isLogarithmic, guides } = measure;
    const series = chosen.map((name, style) => ({ name, points: valuesOf(measure, name), style }));
    return {
      title,
      xLabel: "epoch",
      yLabel,
      isCounted: true,
      ...(isLogarithmic ? { isLogarithmic: { y: true } } : { bounds: { y: [0, 1] as const } }),
      ...(guides && { guides }),
      series: series.filter(({ points }) => points.length > 0),
    };
  }).filter(({ series }) => series.length > 0);
  const note =
    measured.length > chosen.length
      ? `${chosen.length} of ${measured.length} layers, evenly chosen; the option most draws more.`
      : undefined;
  return panels(settings, drawn, {
    description: `${counted(layers.length, "layer")} over ${counted(reports.length, "epoch")}: ${layers.slice(0, 20).join(", ")}.`,
    note,
  });
}

/** So many of a list, the first and the last among them. */
function evenly<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list];
  return Array.from(
    { length: most },
    (_, i) => list[Math.round((i * (list.length - 1)) / Math.max(1, most - 1))] as T,
  );
}
