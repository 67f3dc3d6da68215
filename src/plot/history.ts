import { numbersOf } from "../callbacks/monitor.js";
import { OptionError } from "../check/errors.js";
import { oneOf } from "../check/kinds.js";
import { checkName, describe } from "../check/options.js";
import { type Kind, take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import type { EpochReport } from "../train/scoring/reports.js";
import { type Panel, panels } from "./drawing/panels.js";
import { type PlotOptions, plotSchema } from "./drawing/picture.js";
import { checkReports, counted } from "./drawing/reports.js";
import { formatNumber } from "./drawing/scale.js";

/** How numbers become places: as they are, or as their logarithms. */
export type AxisScale = "linear" | "log";

export interface HistoryPlotOptions extends PlotOptions {
  /** Paths of loss and metrics, without `validation.`: `loss`, `outputs.age.loss`. Default: all. */
  readonly scores?: readonly string[];
  /** Of the axis of the losses; default `linear`. */
  readonly scale?: AxisScale;
}

const scoresOption: Kind<readonly string[] | undefined> = (who, name, given) => {
  if (given === undefined || (Array.isArray(given) && given.length > 0)) return given;
  throw new OptionError(`${who}: ${name} is ${describe(given)}; needs a list of names, as ["loss"].`);
};

/** What reports count, which is no score. */
const COUNTS = /^(epoch|steps|learningRate|samplesPerSecond)$/;
const VALIDATION = /^validation\./;
const IS_LOSS = /(^|\.)loss$|^losses\./;

/**
 * Loss and metrics of a training over its epochs, a panel for each, those of the validation data beside those of training.
 *
 * @param history as `fit` returns
 * @throws DataError for what are no reports, OptionError for scores that they do not have
 */
export function drawHistory(history: readonly EpochReport[], options: HistoryPlotOptions = {}): string {
  const who = "drawHistory";
  checkSurplus(who, arguments, 2);
  const settings = take(who, options, {
    ...plotSchema("Training"),
    scores: scoresOption,
    scale: oneOf({ linear: 0, log: 0 }, "linear", "scale"),
  });
  const reports = checkReports(who, history);
  const numbers = reports.map((one) => numbersOf(one));
  const paths = [...new Set(numbers.flatMap((one) => [...one.keys()]))];
  const known = [...new Set(paths.map((path) => path.replace(VALIDATION, "")))].filter(
    (path) => !COUNTS.test(path) && !path.startsWith("statistics."),
  );
  const chosen = settings.scores ?? known;
  for (const one of chosen) checkName(who, "score", one, known);
  const pointsOf = (path: string) =>
    numbers.flatMap((one, i) => {
      const value = one.get(path);
      return value === undefined ? [] : [[(reports[i] as EpochReport).epoch, value] as const];
    });
  const all = chosen.map((score): Panel => {
    const [ours, theirs] = [pointsOf(score), pointsOf(`validation.${score}`)];
    return {
      title: score,
      xLabel: "epoch",
      yLabel: score,
      isCounted: true,
      isLogarithmic: { y: settings.scale === "log" && IS_LOSS.test(score) },
      series: [
        ...(ours.length > 0 ? [{ name: "training", points: ours, style: 0 }] : []),
        ...(theirs.length > 0 ? [{ name: "validation", points: theirs, style: 1 }] : []),
      ],
    };
  });
  const ends = chosen.map((score) => {
    const [first, last] = [pointsOf(score).at(0), pointsOf(score).at(-1)];
    return first && last ? `${score} from ${formatNumber(first[1])} to ${formatNumber(last[1])}` : score;
  });
  return panels(settings, all, { description: `${counted(reports.length, "epoch")}: ${ends.join(", ")}.` });
}
