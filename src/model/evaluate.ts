import { Method } from "../../assembly/isa/control.js";
import { sizeOf } from "../graph/shape.js";
import { type Examples, type ExampleTables, isExamples, toExamples } from "../rows/examples.js";
import { startPass } from "../runtime/machine.js";
import { checkSignal, type Signal, unlessAborted } from "../train/abort.js";
import { batches } from "../train/feed/late.js";
import type { Batches } from "../train/feed/slabs.js";
import { Slices } from "../train/feed/slices.js";
import { Collection } from "../train/scoring/collection.js";
import type { Scores } from "../train/scoring/reports.js";
import { eachChunk } from "./chunks.js";
import { checkForms, forProgram } from "./forms.js";
import { setScores, showAt } from "./scores.js";
import type { ModelState } from "./state.js";

/** Computes loss and metrics without training. Uses no memory beyond the plan, so it may run between steps of `fit`. */
export async function evaluateState(
  state: ModelState,
  who: string,
  data: Examples | Batches | (() => Batches),
  signal: Signal | undefined,
): Promise<Scores> {
  state.machine(who);
  checkSignal(who, signal);
  state.checkLoss(who);
  if (isExamples(data)) return evaluateTables(state, who, toExamples(who, data, state.shapes), signal);
  const { BatchStream } = await unlessAborted(batches.load(who), signal);
  const evaluation = new Evaluation(state, who, signal);
  const stream = new BatchStream(who, data, state.shapes, signal, 1);
  stream.start();
  try {
    for (let batch = await stream.next(); batch !== undefined; batch = await stream.next()) {
      await evaluation.add(batch);
    }
  } finally {
    await stream.close();
  }
  return evaluation.finish();
}

/** The same of examples that were checked. */
export async function evaluateTables(
  state: ModelState,
  who: string,
  examples: ExampleTables,
  signal: Signal | undefined,
): Promise<Scores> {
  const evaluation = new Evaluation(state, who, signal);
  await evaluation.add(examples);
  return evaluation.finish();
}

/** An evaluation under way. */
class Evaluation {
  readonly #state: ModelState;
  readonly #who: string;
  readonly #signal: Signal | undefined;
  readonly #slices = new Slices();
  readonly #pass = startPass();
  /** For metrics that rank rows. */
  readonly #collection: Collection | undefined;

  constructor(state: ModelState, who: string, signal: Signal | undefined) {
    this.#state = state;
    this.#who = who;
    this.#signal = signal;
    const { collected } = state.programs.scores;
    this.#collection = collected.length > 0 ? new Collection(collected) : undefined;
  }

  async add(examples: ExampleTables): Promise<void> {
    const state = this.#state;
    const { tables, forms } = forProgram(state, examples);
    // Before each chunk: a `fit` that began in between may have loaded the program for another form.
    const beforeChunk = () => {
      if (state.programs.takes(forms)) return;
      checkForms(state, this.#who, forms);
      return state.load(this.#who, forms, 1);
    };
    const options = { slices: this.#slices, signal: this.#signal };
    const evaluated = { ...options, pass: this.#pass, method: Method.Evaluate, beforeChunk };
    await eachChunk(state, this.#who, tables, evaluated);
    const collection = this.#collection;
    if (collection === undefined) return;
    const inputs = state.shapes.inputs.length;
    const { outputs } = state.settings.network;
    await eachChunk(state, this.#who, tables.slice(0, inputs), {
      ...options,
      pass: startPass(),
      method: Method.Predict,
      reads: collection.outputs.map((place) => ({
        place,
        columns: sizeOf(outputs[place]?.shape ?? []).factor,
      })),
      afterChunk: (_, results) => collection.addOutputs(results),
    });
    collection.addTargets(tables.slice(inputs));
  }

  finish(): Scores {
    const scores = setScores({ loss: 0 }, this.#pass, this.#state.programs.scores);
    for (const { path, value } of this.#collection?.finish() ?? []) showAt(scores, path, value);
    return scores;
  }
}
