import { Method } from "../../assembly/isa.js";
import { type Examples, type ExampleTables, isExamples, toExamples } from "../data/examples.js";
import { type Table, type Tensor, toTable } from "../data/table.js";
import { type TargetForm, targetColumns } from "../data/target.js";
import { BusyError } from "../errors.js";
import { sizeOf } from "../graph/shape.js";
import { type Pass, startPass } from "../runtime/machine.js";
import { checkSignal } from "./abort.js";
import { stageChunk } from "./chunks.js";
import type { MetricName } from "./metrics.js";
import type { Scores } from "./reports.js";
import { type Batches, BatchStream } from "./slabs.js";
import { Slices } from "./slices.js";
import type { ModelState, Settings } from "./state.js";

/** Writes loss and metrics of a pass into a report. */
export function setScores<R extends { loss: number }>(
  report: R,
  { sums, rowsSeen }: Pass,
  { metrics, loss }: Pick<Settings, "metrics" | "loss">,
): R {
  const scores: Partial<Record<"loss" | MetricName, number>> = report;
  scores.loss = (sums[0] as number) / (loss?.reduction === "sum" ? 1 : rowsSeen);
  for (let i = 0; i < metrics.length; i++) {
    scores[metrics[i] as MetricName] = (sums[i + 1] as number) / rowsSeen;
  }
  return report;
}

/** @throws BusyError when `fit` runs with targets of another form, so that the program cannot be changed */
export function checkForm(state: ModelState, who: string, form: TargetForm): void {
  if (!state.fitting || state.fits(form, 1)) return;
  throw new BusyError(
    `${who}: y has ${targetColumns(form)} numbers a row, and the model is in fit with targets of another form. ` +
      "Give all targets in one form: as labels, or as rows.",
  );
}

/** Computes loss and metrics without training. Uses no memory beyond the plan, so it may run between steps of `fit`. */
export async function evaluateState(
  state: ModelState,
  who: string,
  data: Examples | Batches | (() => Batches),
  signal: AbortSignal | undefined,
): Promise<Scores> {
  state.machine(who);
  checkSignal(who, signal);
  const loss = state.loss(who);
  const { inputShape, outputShape } = state.settings.network;
  const shapes = { inputShape, outputShape, loss };
  const pass = startPass();
  const slices = new Slices();
  const evaluateTables = async ({ x, y, form }: ExampleTables) => {
    // Before each chunk: a `fit` that began in between may have loaded the program for another form.
    const beforeChunk = () => {
      if (state.fits(form, 1)) return;
      checkForm(state, who, form);
      state.load(form, 1);
    };
    await eachChunk(state, who, [x, y], { slices, signal, pass, method: Method.Evaluate, beforeChunk });
  };
  if (typeof data === "object" && data !== null && isExamples(data)) {
    await evaluateTables(toExamples(who, data, shapes));
  } else {
    const stream = new BatchStream(who, data, shapes, signal, 1);
    stream.start();
    try {
      for (let batch = await stream.next(); batch !== undefined; batch = await stream.next()) {
        await evaluateTables(batch);
      }
    } finally {
      await stream.close();
    }
  }
  return setScores({ loss: 0 }, pass, state.settings);
}

/** The outputs for each row of x, row after row. */
export async function predictState(
  state: ModelState,
  x: Tensor,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  state.machine("predict");
  checkSignal("predict", signal);
  const { inputShape, outputShape } = state.settings.network;
  const table = toTable("predict: x", x, inputShape.slice(1));
  const columns = sizeOf(outputShape).factor;
  const outputs = new Float32Array(table.rows * columns);
  await eachChunk(state, "predict", [table], {
    slices: new Slices(),
    signal,
    pass: startPass(),
    method: Method.Predict,
    afterChunk(first, rows) {
      const machine = state.machine("predict");
      outputs.set(machine.floats(machine.program.output, rows * columns), first * columns);
    },
  });
  return outputs;
}

interface ChunkOptions {
  readonly slices: Slices;
  readonly signal: AbortSignal | undefined;
  readonly pass: Pass;
  readonly method: Method;
  beforeChunk?(): void;
  afterChunk?(first: number, rows: number): void;
}

/** Runs a method over tables, as many rows at a time as the plan has room for. */
async function eachChunk(state: ModelState, who: string, tables: readonly Table[], options: ChunkOptions) {
  const { slices, signal, pass, method } = options;
  const rows = (tables[0] as Table).rows;
  for (let first = 0; first < rows; ) {
    signal?.throwIfAborted();
    options.beforeChunk?.();
    const machine = state.machine(who);
    const room = machine.program.rows;
    const chunk = Math.min(room, rows - first);
    const staged = stageChunk(machine, machine.layout.chunk, tables, first, chunk, room);
    pass.cursor = 0;
    machine.run(method, staged, pass, room, 1);
    options.afterChunk?.(first, chunk);
    first += chunk;
    if (slices.isOver) await slices.yield();
  }
}
