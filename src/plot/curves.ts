import { DataError, OptionError } from "../check/errors.js";
import { describe } from "../check/options.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import type { PrecisionRecallCurve, RocCurve } from "../metrics/curves.js";
import { panels } from "./drawing/panels.js";
import { type PlotOptions, plotSchema } from "./drawing/picture.js";

/** One curve, or several by name. */
export type Curves<C> = C | { readonly [name: string]: C };

/** Curves by name, each as points. @throws OptionError, DataError */
function pointsOf(who: string, given: unknown, [x, y]: readonly [string, string], makes: string) {
  const isObject = typeof given === "object" && given !== null;
  if (!isObject || Object.keys(given).length === 0) {
    throw new OptionError(`${who}: got ${describe(given)}; needs what ${makes} returns, or several by name.`);
  }
  const curves: Readonly<Record<string, unknown>> = x in given ? { curve: given } : { ...given };
  return Object.entries(curves).map(([name, curve]) => {
    const lists = [x, y].map((key) => (curve as Readonly<Record<string, unknown>> | null | undefined)?.[key]);
    const [a, b] = lists as readonly (readonly number[] | undefined)[];
    const isNumeric = (list: unknown) =>
      Array.isArray(list) && list.length > 0 && [...list].every(Number.isFinite);
    if (!isNumeric(a) || !isNumeric(b) || a?.length !== b?.length) {
      throw new DataError(
        `${who}: "${name}" has no lists ${x} and ${y} of equal length and finite numbers; needs what ${makes} returns.`,
      );
    }
    return {
      name,
      points: (a as readonly number[]).map(
        (value, i) => [value, (b as readonly number[])[i] as number] as const,
      ),
    };
  });
}

/** The area below a line through points, by trapezoids. */
const areaBelow = (points: readonly (readonly [number, number])[]): number =>
  points.reduce((sum, [x, y], i) => {
    const [before, height] = points[i - 1] ?? [x, y];
    return sum + (Math.abs(x - before) * (y + height)) / 2;
  }, 0);

const UNIT = [0, 1] as const;
const named = (name: string, what: string, value: number) =>
  name === "curve" ? `${what} ${value.toFixed(3)}` : `${name}, ${what} ${value.toFixed(3)}`;

/**
 * Receiver operating characteristics: the true against the false positive rate, with the area below.
 *
 * @param curves what `rocCurve` of wasmgrad/metrics returns, or several of them by name
 * @throws OptionError for what are no curves, DataError for lists that do not fit
 */
export function drawRocCurve(curves: Curves<RocCurve>, options: PlotOptions = {}): string {
  const who = "drawRocCurve";
  checkSurplus(who, arguments, 2);
  const settings = take(who, options, plotSchema("ROC curve"));
  const found = pointsOf(who, curves, ["falsePositiveRates", "truePositiveRates"], "rocCurve");
  const series = found.map(({ name, points }, style) => ({
    name: named(name, "area", areaBelow(points)),
    points,
    style,
  }));
  const panel = {
    xLabel: "false positive rate",
    yLabel: "true positive rate",
    bounds: { x: UNIT, y: UNIT },
    diagonal: "by chance",
    series,
  };
  return panels(settings, [panel], {
    description: `True against false positive rate: ${series.map(({ name }) => name).join("; ")}.`,
    tall: 420,
  });
}

/** Σ (recall[i] − recall[i + 1]) · precision[i], recall falling: the mean precision. */
const averagePrecision = (points: readonly (readonly [number, number])[]): number =>
  points.reduce(
    (sum, [recall, precision], i) => sum + (recall - (points[i + 1]?.[0] ?? recall)) * precision,
    0,
  );

/**
 * Precision against recall, with the average precision, Σ (rᵢ − rᵢ₊₁) pᵢ.
 *
 * @param curves what `precisionRecallCurve` of wasmgrad/metrics returns, or several of them by name
 * @throws OptionError for what are no curves, DataError for lists that do not fit
 */
export function drawPrecisionRecallCurve(
  curves: Curves<PrecisionRecallCurve>,
  options: PlotOptions = {},
): string {
  const who = "drawPrecisionRecallCurve";
  checkSurplus(who, arguments, 2);
  const settings = take(who, options, plotSchema("Precision and recall"));
  const found = pointsOf(who, curves, ["recall", "precision"], "precisionRecallCurve");
  const series = found.map(({ name, points }, style) => ({
    name: named(name, "average precision", averagePrecision(points)),
    points,
    style,
  }));
  const panel = { xLabel: "recall", yLabel: "precision", bounds: { x: UNIT, y: UNIT }, series };
  return panels(settings, [panel], {
    description: `Precision against recall: ${series.map(({ name }) => name).join("; ")}.`,
    tall: 420,
  });
}
