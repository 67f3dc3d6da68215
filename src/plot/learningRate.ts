import { DataError, OptionError } from "../check/errors.js";
import { integer, oneOf } from "../check/kinds.js";
import { describe } from "../check/options.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import type { RangeTest } from "../train/testRange.js";
import { panels } from "./drawing/panels.js";
import { type PlotOptions, plotSchema } from "./drawing/picture.js";
import { extentOf, formatNumber } from "./drawing/scale.js";
import type { AxisScale } from "./history.js";

export interface LearningRatePlotOptions extends PlotOptions {
  /** Of a schedule: how many steps are drawn; default 1000. */
  readonly steps?: number;
  /** Of the axis of the rates, but for a range test, whose rates are on a logarithmic one; default `linear`. */
  readonly scale?: AxisScale;
}

/** A rate that was noted: by `learningRateLog`, or in the reports of `fit`. */
export interface NotedRate {
  readonly learningRate: number;
  /** Counted over the life of the model; if all have one, it is the axis. */
  readonly step?: number;
  readonly epoch?: number;
}

const isRangeTest = (given: unknown): given is RangeTest =>
  typeof given === "object" && given !== null && "curve" in given && Array.isArray(given.curve);

/**
 * How the learning rate changes: of a schedule by the step, of reports of `fit` or the `rates` of a `learningRateLog` as
 * they were; of a `learningRateRangeTest` the loss by the rate, with the rate that it suggests.
 *
 * @param rates a schedule or function of the step, reports, rates, or what a range test returned
 * @throws OptionError for what is none of these or a schedule that does not give numbers, DataError for reports without rates
 */
export function drawLearningRate(
  rates: ((step: number) => number) | readonly NotedRate[] | RangeTest,
  options: LearningRatePlotOptions = {},
): string {
  const who = "drawLearningRate";
  checkSurplus(who, arguments, 2);
  const settings = take(who, options, {
    ...plotSchema(isRangeTest(rates) ? "Learning rate range test" : "Learning rate"),
    steps: integer(1, 1000),
    scale: oneOf({ linear: 0, log: 0 }, "linear", "scale"),
  });
  if (isRangeTest(rates)) return drawRangeTest(who, rates, settings);
  const { points, unit } =
    typeof rates === "function" ? scheduled(who, rates, settings.steps) : noted(who, rates);
  const values = points.map(([, rate]) => rate);
  const isLogarithmic = { y: settings.scale === "log" };
  const panel = { xLabel: unit, yLabel: "learning rate", isCounted: true, isLogarithmic };
  const [first, last] = [values.at(0) as number, values.at(-1) as number];
  const description = `The learning rate by ${unit}, from ${formatNumber(first)} to ${formatNumber(last)}.`;
  return panels(settings, [{ ...panel, title: "", series: [{ name: "learning rate", points, style: 0 }] }], {
    description,
  });
}

/** Steps at which a schedule is asked, at most: what lies between cannot be seen. */
const MOST_STEPS = 2000;

function scheduled(who: string, rateAt: (step: number) => number, steps: number) {
  const count = Math.min(steps, MOST_STEPS);
  const points = Array.from({ length: count }, (_, i) => {
    const step = count === 1 ? 0 : Math.round((i * (steps - 1)) / (count - 1));
    const rate: unknown = rateAt(step);
    if (typeof rate === "number" && Number.isFinite(rate)) return [step, rate] as const;
    throw new OptionError(
      `${who}: at step ${step} the schedule gives ${describe(rate)}; needs a finite number. ` +
        "Give the schedule itself, as cosineDecay({ … }) makes one.",
    );
  });
  return { points, unit: "step" };
}

function noted(who: string, rates: readonly NotedRate[]) {
  if (!Array.isArray(rates)) {
    throw new OptionError(
      `${who}: got ${describe(rates)}; needs a schedule, the reports of fit, the rates of a learningRateLog, or what ` +
        "learningRateRangeTest returns.",
    );
  }
  if (rates.length === 0) throw new DataError(`${who}: got an array of 0; needs at least one rate.`);
  const hasSteps = rates.every((one) => Number.isFinite(one?.step));
  const points = [...rates].map((one: NotedRate, i) => {
    const rate: unknown = one?.learningRate;
    if (typeof rate !== "number" || !Number.isFinite(rate)) {
      throw new DataError(
        `${who}: entry ${i + 1} has the learningRate ${describe(rate)}; needs a finite number.`,
      );
    }
    return [hasSteps ? (one.step as number) : (one.epoch ?? i + 1), rate] as const;
  });
  return { points, unit: hasSteps ? "step" : "epoch" };
}

function drawRangeTest(
  who: string,
  { curve, suggestion, steepest, minimum }: RangeTest,
  settings: Parameters<typeof panels>[0],
): string {
  const isPoint = (one: RangeTest["curve"][number] | undefined) =>
    Number.isFinite(one?.learningRate) && typeof one?.loss === "number";
  if (curve.length === 0 || ![...curve].every(isPoint)) {
    throw new DataError(
      `${who}: the curve has points without learningRate and loss; needs what learningRateRangeTest returns.`,
    );
  }
  const guide = (name: string, x: number | undefined) =>
    x === undefined || !(x > 0) ? [] : [{ x, name: `${name} ${formatNumber(x)}` }];
  const marked =
    suggestion === undefined
      ? [...guide("steepest", steepest), ...guide("least", minimum)]
      : guide("suggested", suggestion);
  const described =
    suggestion === undefined ? "It suggests no rate." : `It suggests ${formatNumber(suggestion)}.`;
  // A loss that leaves the others behind would press them to the axis: it is drawn at the upper end.
  const extent = extentOf([curve[0]?.loss as number, ...curve.map((one) => one.smoothed)]);
  const least = extentOf(curve.map((one) => one.loss))?.[0];
  return panels(
    settings,
    [
      {
        ...(extent &&
          least !== undefined && { bounds: { y: [Math.min(least, extent[0]), extent[1]] as const } }),
        xLabel: "learning rate",
        yLabel: "loss",
        isLogarithmic: { x: true },
        guides: marked,
        series: [
          {
            name: "loss of each step",
            points: curve.map((one) => [one.learningRate, one.loss] as const),
            style: 1,
          },
          {
            name: "running mean",
            points: curve.map((one) => [one.learningRate, one.smoothed] as const),
            style: 0,
          },
        ],
      },
    ],
    { description: `The loss by the learning rate over ${curve.length} steps. ${described}` },
  );
}
