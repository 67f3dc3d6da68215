import { bindMembers } from "../check/bindMembers.js";
import { flag, functionOf, integer, optional } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { Timer } from "../runtime/timer.js";
import type { EpochReport } from "../train/scoring/reports.js";
import type { Callback, Training } from "./callback.js";
import { numbersOf } from "./monitor.js";

export interface ProgressLineOptions {
  /** Takes the text, and is awaited. Default: the process's standard error, where there is one, else the console. */
  readonly write?: (text: string) => unknown;
  /** Columns that a line may have. Default: what is drawn over has those of the terminal, or 80; the line that stays has all. */
  readonly width?: number;
  /** Draws the line anew while an epoch lasts, over the last with \r; default: when standard error is a terminal. */
  readonly redraw?: boolean;
}

/** What of a runtime's standard error is used. */
interface Terminal {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Milliseconds from one drawing to the next: more often, nobody reads. */
const THROTTLE = 100;
const BAR = 20;
/** Left out of the line: told otherwise, or of no interest while waiting. */
const UNSHOWN = /^(epoch|steps|learningRate|samplesPerSecond|statistics\..*)$/;

/** 1:02:03, or 2:03. */
function clock(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** What the last report has to say: `loss 0.1234  validation.accuracy 0.9876`. */
function scoresOf(report: EpochReport): string {
  const shown = [...numbersOf(report)].filter(([name]) => !UNSHOWN.test(name));
  return shown.map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`).join("  ");
}

class Drawing implements Callback {
  readonly name = "progressLine";
  readonly #write: (text: string) => unknown;
  readonly #width: number;
  readonly #widthOfWhole: number;
  readonly #redraw: boolean;
  readonly #throttle = new Timer(THROTTLE);
  #start = 0;
  /** Steps and epochs that were done before. */
  #before = { steps: 0, epochs: 0 };
  #scores = "";
  /** Columns that the line on the screen takes. */
  #drawn = 0;

  constructor(
    write: (text: string) => unknown,
    { width, widthOfWhole, redraw }: Record<"width" | "widthOfWhole", number> & { redraw: boolean },
  ) {
    this.#write = write;
    this.#width = width;
    this.#widthOfWhole = widthOfWhole;
    this.#redraw = redraw;
    bindMembers(this);
  }

  onTrainBegin({ epoch, stepsOfEpoch, stepsPerEpoch = 0 }: Training): void {
    this.#start = performance.now();
    this.#before = { steps: (epoch - 1) * stepsPerEpoch + stepsOfEpoch, epochs: epoch - 1 };
    this.#scores = "";
    this.#drawn = 0;
    this.#throttle.restart();
  }

  onSlice(training: Training): unknown {
    if (!this.#redraw || !this.#throttle.isDue) return undefined;
    this.#throttle.restart();
    return this.#draw(training, training.stepsOfEpoch, "");
  }

  async onEpochEnd(report: EpochReport, training: Training): Promise<void> {
    this.#scores = scoresOf(report);
    await this.#draw(training, report.steps, "\n");
    for (const { message, mend } of report.health ?? []) await this.#write(`! ${message}. ${mend}\n`);
  }

  onTrainEnd(): unknown {
    return this.#drawn > 0 ? this.#write("\n") : undefined;
  }

  #draw(training: Training, steps: number, end: string): unknown {
    const isWhole = end !== "";
    const line = this.#line(training, steps, isWhole).slice(0, isWhole ? this.#widthOfWhole : this.#width);
    const text = this.#redraw ? `\r${line.padEnd(this.#drawn)}${end}` : `${line}${end}`;
    this.#drawn = end === "" ? line.length : 0;
    return this.#write(text);
  }

  #line(training: Training, steps: number, isWhole: boolean): string {
    const { epoch, epochs, stepsPerEpoch } = training;
    const share = isWhole ? 1 : steps / (stepsPerEpoch ?? Number.POSITIVE_INFINITY);
    const full = Math.round(share * BAR);
    const bar = stepsPerEpoch === undefined ? "" : `[${"=".repeat(full)}${" ".repeat(BAR - full)}]`;
    const count = stepsPerEpoch === undefined ? `step ${steps}` : `${steps}/${stepsPerEpoch}`;
    return [`epoch ${epoch}/${epochs}`, bar, count, this.#left(training, steps, isWhole), this.#scores]
      .filter((part) => part !== "")
      .join("  ");
  }

  /** Time so far, or, as long as more is to come, an estimate of what is left. */
  #left({ epoch, epochs, stepsPerEpoch }: Training, steps: number, isWhole: boolean): string {
    const passed = performance.now() - this.#start;
    const before = epoch - 1;
    const [done, all] =
      stepsPerEpoch === undefined
        ? [before + (isWhole ? 1 : 0) - this.#before.epochs, epochs - this.#before.epochs]
        : [before * stepsPerEpoch + steps - this.#before.steps, epochs * stepsPerEpoch - this.#before.steps];
    if (done >= all) return clock(passed);
    return done <= 0 ? "" : `ETA ${clock((passed / done) * (all - done))}`;
  }
}

/**
 * A line for each epoch, with a bar, the time that is left, and the last scores, and one for each finding of `health`; on a terminal drawn anew ten times a
 * second. Reads the clock; nothing of it reaches a weight.
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function progressLine(options: ProgressLineOptions = {}): Callback {
  checkSurplus("progressLine", arguments, 1);
  const settled = take("progressLine", options, {
    write: optional(functionOf<(text: string) => unknown>()),
    width: optional(integer(1)),
    redraw: optional(flag()),
  });
  const { process } = globalThis as { readonly process?: { readonly stderr?: Terminal } };
  const terminal = settled.write === undefined ? process?.stderr : undefined;
  // A terminal that nobody has told its size, as under script or in some containers, has 0 columns.
  const { width = terminal?.columns || 80, redraw = terminal?.isTTY ?? false } = settled;
  const { write = toTerminal(terminal) } = settled;
  // Nothing is drawn over the line that stays: it may wrap, so that no score is cut off.
  return new Drawing(write, { width, widthOfWhole: settled.width ?? Number.POSITIVE_INFINITY, redraw });
}

/** A console ends each line itself, and cannot draw over one. */
function toTerminal(terminal: Terminal | undefined): (text: string) => unknown {
  if (terminal !== undefined) return (text) => void terminal.write(text);
  return (text) => {
    const line = text.replace(/^\r|\n$/g, "");
    if (line !== "") console.error(line);
  };
}
