/** One step of training on one batch: what loops of one's own are made of. */
import { Method, Status } from "../../../assembly/isa/control.js";
import type { Node } from "../../layers/layer.js";
import type { Ends } from "../../network/ends.js";
import type { Examples } from "../../rows/examples.js";
import { startPass } from "../../runtime/machine.js";
import { divergedError } from "../../train/diverged.js";
import { prepare } from "../../train/feed/feed.js";
import { training } from "../../train/late.js";
import { LearningRates } from "../../train/rates.js";
import type { Scores, StepReport, TrainingMetric } from "../../train/scoring/reports.js";
import { stageChunk, stagedRoom } from "../chunks.js";
import { leased } from "../leased.js";
import { setScores } from "../scores.js";
import type { ModelState } from "../state.js";
import { checkBatch } from "./batch.js";

/** What a step on a batch came to: loss and metrics, taken before the update. */
export type BatchReport<M extends string = never, O extends Ends = Node> = Scores<TrainingMetric<M>, O> &
  Omit<StepReport, "epoch">;

/** See Model.trainOnBatch. */
export async function trainOnBatch(state: ModelState, data: Examples): Promise<BatchReport> {
  const who = "trainOnBatch";
  state.machine(who);
  state.access.check(who);
  state.checkLoss(who);
  state.checkTrained(who);
  const { toExamples } = training.loaded ?? (await training.load(who));
  checkBatch(who, data);
  const examples = toExamples(who, data, state.shapes);
  return leased(state, who, async () => {
    const { tables, rows } = examples;
    // Where chunks pass through there is room for so many numbers of a row, and sparse rows may have more.
    const bytes = tables.some(({ staging }) => staging) ? stagedRoom(tables, rows) : 0;
    const machine = await prepare(state, examples, { batchRows: rows, accumulate: 1, staged: bytes });
    const { step, layout } = machine;
    const address = bytes > 0 ? machine.reserve(bytes) : layout.chunk;
    const rates = new LearningRates(state.settings.optimizer.learningRate, state);
    const pass = startPass();
    const staged = stageChunk(machine, address, tables, 0, rows, rows);
    const { slots } = state.programs.scores;
    const run = { staged, pass, batchRows: rows, steps: 1, rates: rates.next(step, 1), scores: slots };
    const reply = await machine.run(Method.Train, run);
    const learningRate = rates.at(0);
    if (reply.status === Status.Diverged) throw divergedError(machine, reply, learningRate);
    if (reply.status === Status.IndexOutOfRange) throw machine.indexError(Method.Train, reply);
    const { gradientNorm } = reply.last;
    return setScores({ step, rows, loss: 0, gradientNorm, learningRate }, pass, state.programs.scores);
  });
}
