import { Method } from "../../assembly/isa/control.js";
import { BusyError } from "../check/errors.js";
import type { Scoreboard } from "../compile/graphs.js";
import { sizeOf } from "../graph/shape.js";
import {
  type Examples,
  type ExampleTables,
  isExamples,
  toExamples,
  withUnitWeights,
} from "../rows/examples.js";
import type { Table } from "../rows/table.js";
import { type TargetForm, targetColumns } from "../rows/target.js";
import { type Pass, startPass } from "../runtime/machine.js";
import { isPromise } from "../runtime/port.js";
import { checkSignal } from "../train/abort.js";
import { type Batches, BatchStream } from "../train/feed/slabs.js";
import { Slices } from "../train/feed/slices.js";
import { Collection } from "../train/scoring/collection.js";
import type { Scores } from "../train/scoring/reports.js";
import { stageChunk } from "./chunks.js";
import type { ModelState } from "./state.js";

interface Shown {
  [name: string]: number | Shown;
}

/** Sets a property of its own, whatever it is called: `__proto__` too. */
function show(place: Shown, name: string, value: number | Shown): void {
  if (name !== "__proto__") {
    place[name] = value;
    return;
  }
  // Defining takes ten times as long as assigning, and there is a report for each short epoch.
  Object.defineProperty(place, name, { value, enumerable: true, configurable: true, writable: true });
}

/** Writes a number into a report. */
function showAt(report: object, path: readonly string[], value: number): void {
  let place = report as Shown;
  for (let i = 0; i < path.length - 1; i++) {
    const name = path[i] as string;
    if (!Object.hasOwn(place, name)) show(place, name, {});
    place = place[name] as Shown;
  }
  show(place, path[path.length - 1] as string, value);
}

/** Writes loss and metrics of a pass into a report, each at its place. */
export function setScores<R extends { loss: number }>(
  report: R,
  { sums, rowsSeen }: Pass,
  { scores }: Scoreboard,
): R {
  for (const { path, finish } of scores) showAt(report, path, finish(sums, rowsSeen));
  return report;
}

/** Examples as the program of a running `fit` takes them: one that weighs rows weighs all of these alike. */
export function forProgram(state: ModelState, examples: ExampleTables): ExampleTables {
  if (!state.fitting || state.takes(examples.forms)) return examples;
  const weighted = withUnitWeights(examples, state.shapes);
  return state.takes(weighted.forms) ? weighted : examples;
}

/** @throws BusyError when `fit` runs with targets of another form, so that the program cannot be changed */
export function checkForms(state: ModelState, who: string, forms: readonly TargetForm[]): void {
  if (!state.fitting || state.takes(forms)) return;
  if (forms.length !== state.targetForms.length) {
    const [given, running] =
      forms.length > state.targetForms.length ? ["with", "without"] : ["without", "with"];
    throw new BusyError(
      `${who}: the data is ${given} sampleWeight, and the model is in fit ${running} it. Give all data weights, or none.`,
    );
  }
  throw new BusyError(
    `${who}: y has ${forms.map(targetColumns).join(" and ")} numbers a row, and the model is in fit with targets of another form. ` +
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
  state.checkLoss(who);
  const { shapes } = state;
  const pass = startPass();
  const slices = new Slices();
  const { collected } = state.scores;
  const columnsOf = (output: number) => sizeOf(state.settings.network.outputs[output]?.shape ?? []).factor;
  const collection = collected.length > 0 ? new Collection(collected) : undefined;
  const evaluateTables = async (examples: ExampleTables) => {
    const { tables, forms } = forProgram(state, examples);
    // Before each chunk: a `fit` that began in between may have loaded the program for another form.
    const beforeChunk = () => {
      if (state.takes(forms)) return;
      checkForms(state, who, forms);
      state.load(forms, 1);
    };
    await eachChunk(state, who, tables, { slices, signal, pass, method: Method.Evaluate, beforeChunk });
    if (collection === undefined) return;
    const { inputs } = shapes;
    await eachChunk(state, who, tables.slice(0, inputs.length), {
      slices,
      signal,
      pass: startPass(),
      method: Method.Predict,
      reads: collection.outputs.map((place) => ({ place, columns: columnsOf(place) })),
      afterChunk: (_, results) => collection.addOutputs(results),
    });
    collection.addTargets(tables.slice(inputs.length));
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
  const scores = setScores({ loss: 0 }, pass, state.scores);
  for (const { path, value } of collection?.finish() ?? []) showAt(scores, path, value);
  return scores;
}

interface ChunkOptions {
  readonly slices: Slices;
  readonly signal: AbortSignal | undefined;
  readonly pass: Pass;
  readonly method: Method;
  beforeChunk?(): void;
  /** Results to read of a chunk, and how many floats of each of its rows. */
  readonly reads?: readonly { readonly place: number; readonly columns: number }[];
  /** Takes what was read. */
  afterChunk?(first: number, results: readonly Float32Array[]): void;
}

/** Runs a method over tables, as many rows at a time as the plan has room for. */
export async function eachChunk(
  state: ModelState,
  who: string,
  tables: readonly Table[],
  options: ChunkOptions,
) {
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
    const { results } = machine.program;
    const reads = (options.reads ?? []).flatMap(({ place, columns }) => {
      const result = results[place];
      return result === undefined ? [] : [{ place: result, count: chunk * columns }];
    });
    const run = { staged: { ...staged, rowsBefore: first }, pass, batchRows: room, steps: 1, reads };
    const running = machine.run(method, run);
    const reply = isPromise(running) ? await running : running;
    options.afterChunk?.(first, reply.reads);
    first += chunk;
    if (slices.isOver) await slices.yield();
  }
}
