import type { Callback, Training } from "../../callbacks/callback.js";
import { numbersOf } from "../../callbacks/monitor.js";
import { OptionError } from "../../check/errors.js";
import { functionOf, integer, oneOf, optional } from "../../check/kinds.js";
import { describe } from "../../check/options.js";
import { type Kind, take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import type { StepStatistics } from "../../train/health/statistics.js";
import type { EpochReport } from "../../train/scoring/reports.js";
import { type EventTime, fileVersion, histogram, markdown, scalar, summaryEvent } from "./event.js";
import { type Field, joined } from "./protobuf.js";

export interface TensorBoardLogOptions {
  /**
   * Takes each piece of the file, and is awaited, as `(bytes) => appendFile("runs/1/events.out.tfevents.1", bytes)`; the
   * name of the file must have `tfevents` in it. Default: `bytes` collects them.
   */
  readonly write?: (bytes: Uint8Array<ArrayBuffer>) => unknown;
  /** `step` also has loss, gradient norm and learning rate of each step, at which the engine then stops. Default `epoch`. */
  readonly per?: "epoch" | "step";
  /** Epochs from one histogram of all weights to the next; 0 for none. Default 1. */
  readonly histograms?: number;
  /** Texts in Markdown, by what they are called; one that is a table, as `model.summary()`, keeps its columns. */
  readonly texts?: { readonly [name: string]: string };
}

/** What `tensorBoardLog` makes. */
export interface TensorBoardLog extends Callback {
  /** The file of the last training, where no `write` was given. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const textsOption: Kind<{ readonly [name: string]: string }, TensorBoardLogOptions["texts"]> = (
  who,
  name,
  given = {},
) => {
  const isRecord = typeof given === "object" && given !== null && !Array.isArray(given);
  if (isRecord && Object.values(given).every((one) => typeof one === "string")) return given;
  throw new OptionError(
    `${who}: ${name} is ${describe(given)}; needs an object of texts, as { summary: model.summary() }.`,
  );
};

/** Texts of several lines keep them, as code does. */
const asMarkdown = (text: string) => (text.includes("\n") ? `    ${text.replaceAll("\n", "\n    ")}` : text);

/** Reads the clock, since events have a time; nothing of it reaches a weight. */
const now = () => (performance.timeOrigin + performance.now()) / 1000;

/** Numbers of a report as TensorBoard groups them: `loss/training` beside `loss/validation`. */
function scalarsOf(report: EpochReport): Field[] {
  const { statistics, ...scores } = report;
  const fields = [...numbersOf(scores)].flatMap(([path, value]) => {
    if (path === "epoch" || path === "steps") return [];
    if (path === "learningRate" || path === "samplesPerSecond") return [scalar(path, value)];
    const score = path.replace(/^validation\./, "");
    return [scalar(`${score}/${score === path ? "training" : "validation"}`, value)];
  });
  return [...fields, ...statisticsOf(statistics)];
}

/** Statistics of layers: `updateRatio/dense`. */
const statisticsOf = (statistics: StepStatistics | undefined): Field[] =>
  Object.entries(statistics?.layers ?? {}).flatMap(([layer, one]) =>
    [...numbersOf(one)].map(([path, value]) => scalar(`${path}/${layer}`, value)),
  );

/**
 * Writes an event file for TensorBoard: scores of each epoch by the step, for training and validation, learning rate,
 * histograms of the weights, statistics of layers where `fit` has them, texts. One file for each training, each event with
 * the time at which it was.
 *
 *     import { appendFile } from "node:fs/promises";
 *     const log = tensorBoardLog({ write: (bytes) => appendFile("runs/1/events.out.tfevents.1", bytes) });
 *     await model.fit(data, { epochs: 10, callbacks: [log] });    // tensorboard --logdir runs
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function tensorBoardLog(options: TensorBoardLogOptions = {}): TensorBoardLog {
  checkSurplus("tensorBoardLog", arguments, 1);
  const { write, per, histograms, texts } = take("tensorBoardLog", options, {
    write: optional(functionOf<(bytes: Uint8Array<ArrayBuffer>) => unknown>()),
    per: oneOf({ epoch: 0, step: 0 }, "epoch", "unit of per"),
    histograms: integer(0, 1),
    texts: textsOption,
  });
  let parts: Uint8Array<ArrayBuffer>[] = [];
  const put = (bytes: Uint8Array<ArrayBuffer>): unknown => {
    if (write !== undefined) return write(bytes);
    parts.push(bytes);
    return undefined;
  };
  const at = (step: number): EventTime => ({ seconds: now(), step });
  const spread = (training: Training) =>
    Object.entries(training.weights()).map(([name, { data }]) => histogram(name, data));
  const log: Callback = {
    name: "tensorBoardLog",
    onTrainBegin(training) {
      parts = [];
      const time = at(training.step);
      const fields = Object.entries(texts).map(([name, text]) => markdown(name, asMarkdown(text)));
      return put(joined([fileVersion(time), ...(fields.length > 0 ? [summaryEvent(time, fields)] : [])]));
    },
    onEpochEnd(report, training) {
      const isDue = histograms > 0 && report.epoch % histograms === 0;
      return put(summaryEvent(at(training.step), [...scalarsOf(report), ...(isDue ? spread(training) : [])]));
    },
    ...(per === "step" && {
      onStepEnd: ({ step, loss, gradientNorm, learningRate }) =>
        put(
          summaryEvent(at(step), [
            scalar("step/loss", loss),
            scalar("step/gradientNorm", gradientNorm),
            scalar("step/learningRate", learningRate),
          ]),
        ),
    }),
  };
  return Object.defineProperty(log, "bytes", {
    get: () => joined(parts),
    enumerable: true,
  }) as TensorBoardLog;
}
