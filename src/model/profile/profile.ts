/** Measures where the time of a step goes. */
import { DataError, UnsupportedError } from "../../check/errors.js";
import { integer, later, optional } from "../../check/kinds.js";
import { checkData, describe } from "../../check/options.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { stepKinds } from "../../compile/facts/step.js";
import type { Instruction } from "../../compile/instruction.js";
import { stagesOf } from "../../compile/stages.js";
import { floatsOf, type Work, workOf } from "../../compile/work.js";
import { type Examples, isExamples, toExamples } from "../../rows/examples.js";
import { checkSignal, type Signal } from "../../train/abort.js";
import { Slices } from "../../train/feed/slices.js";
import type { ModelState } from "../state.js";
import { clockTick, Stopwatch } from "./clock.js";
import { peakRate } from "./peak.js";
import { Profile, shareOf } from "./report.js";
import { Twin } from "./twin.js";

export interface ProfileOptions {
  /** Rows of the step, the first ones of the data; default 32, or all rows with `lbfgs`; all rows when there are fewer. */
  readonly batchSize?: number;
  /** Stops it between two instructions; `profile` then rejects with the signal's reason. */
  readonly signal?: Signal | undefined;
}

const DEFAULT_ROWS = 32;
/** Steps before anything is measured: by then the optimizing compilers have had their turn. */
const WARM_UP_MILLISECONDS = 100;

/** See Model.profile. */
export async function profileState(
  state: ModelState,
  data: Examples,
  options: ProfileOptions,
  given: ArrayLike<unknown>,
): Promise<Profile> {
  checkSurplus("profile", given, 2);
  checkData("profile", options);
  const { batchSize, signal } = take("profile", options, {
    batchSize: optional(integer(1)),
    signal: later<Signal | undefined>(),
  });
  state.machine("profile");
  checkSignal("profile", signal);
  if (!isExamples(data)) {
    throw new DataError(`profile: the data is ${describe(data)}; needs arrays, as { x, y }. Give one batch.`);
  }
  const examples = toExamples("profile", data, state.shapes);
  const { needsAllRows = false } = state.settings.optimizer;
  const rows = Math.min(batchSize ?? (needsAllRows ? examples.rows : DEFAULT_ROWS), examples.rows);
  const tick = clockTick();
  if (tick === undefined) {
    throw new UnsupportedError(
      "profile: the clock stands still while code runs here, as in workerd, so that nothing can be timed. " +
        "Profile the model in Node, Deno, Bun or a page.",
    );
  }
  const twin = await Twin.open(state, examples, rows);
  return measure(twin, { rows, stopwatch: new Stopwatch(tick), signal });
}

interface Measuring {
  readonly rows: number;
  readonly stopwatch: Stopwatch;
  readonly signal: Signal | undefined;
}

async function measure(twin: Twin, { rows, stopwatch, signal }: Measuring): Promise<Profile> {
  const slices = new Slices();
  const giveWay = async () => {
    signal?.throwIfAborted();
    if (slices.isOver) await slices.yield();
  };
  const steps = (times: number) => twin.steps(times);
  const start = performance.now();
  while (performance.now() - start < WARM_UP_MILLISECONDS) {
    stopwatch.fastest(steps);
    await giveWay();
  }
  const peak = peakRate(stopwatch);
  await giveWay();
  const whole = stopwatch.fastest(steps) as number;
  twin.reset();
  const stages = stagesOf(twin.instructions);
  const instructions = [];
  for (const [index, one] of twin.instructions.entries()) {
    await giveWay();
    const work = workIn(twin, one, rows);
    const milliseconds = twin.perform(one, rows, (run) => timeOf(stopwatch, run));
    instructions.push({
      ...{ index, instruction: one.kind.name, layer: one.layer, stage: stages[index] as "forward" },
      ...{ milliseconds, ...work, share: shareOf(work.multiplications, milliseconds, peak) },
    });
  }
  return new Profile(rows, whole, peak, instructions);
}

/** One that fails when it is repeated is timed once. */
function timeOf(stopwatch: Stopwatch, run: (times: number) => number): number {
  const start = performance.now();
  run(1);
  const once = performance.now() - start;
  return stopwatch.fastest(run) ?? once;
}

/** Rows are gathered from where they are staged, in whatever form. */
function workIn({ elementBytes }: Twin, one: Instruction, rows: number): Work {
  const { multiplications, bytes } = workOf(one, rows);
  const { kind, operands } = one;
  if (kind.op !== stepKinds.Gather.op) return { multiplications, bytes };
  const source = elementBytes[operands.source as number] ?? 0;
  return { multiplications, bytes: bytes + source * floatsOf(operands.y ?? null, rows) };
}
