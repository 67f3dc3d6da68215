import type { Training } from "../callbacks/callback.js";
import { BusyError } from "../check/errors.js";
import { positive } from "../check/kinds.js";
import { takeSnapshot } from "../io/snapshot/take.js";
import type { Better } from "../metrics/engine/metric.js";
import { type NewWeight, readAverages, readWeights, type Weights, writeWeights } from "../model/weights.js";
import { Course } from "./course.js";

/** What callbacks see of the training that `fit` runs, and may do to it. */
export class LiveTraining extends Course implements Training {
  /** Whether a hook runs in which the weights here are those of the engine, so that they may be changed. */
  isBetweenSteps = false;
  isAmended = false;
  /** Steps, over the life of the model, after which the engine hands back. */
  readonly #marks = new Set<number>();

  handBackAfter(steps: number): void {
    this.#marks.add(this.state.step + steps);
  }

  override get stepsToMark(): number {
    const { step } = this.state;
    const ahead = [...this.#marks].filter((mark) => mark > step);
    return Math.min(...ahead) - step;
  }

  override get isAtMark(): boolean {
    const { step } = this.state;
    for (const mark of this.#marks) if (mark < step) this.#marks.delete(mark);
    return this.#marks.has(step);
  }

  get epochs(): number {
    return this.options.epochs;
  }

  get epoch(): number {
    const { epochs, rows } = this.options.progress;
    return this.isAfterEpoch && rows === 0 && epochs > 0 ? epochs : epochs + 1;
  }

  get stepsOfEpoch(): number {
    return this.options.progress.steps;
  }

  get stepsPerEpoch(): number | undefined {
    return this.options.stepsPerEpoch;
  }

  get step(): number {
    return this.state.step;
  }

  get learningRate(): number {
    return this.options.rates.rateOf(this.state.step);
  }

  get hasValidation(): boolean {
    return this.options.hasValidation;
  }

  get scores(): readonly string[] {
    const { scores, collected } = this.state.programs.scores;
    const pathOf = ({ path }: { readonly path: readonly string[] }) => path.join(".");
    const trained = scores.map(pathOf);
    if (!this.hasValidation) return trained;
    return [...trained, ...[...trained, ...collected.map(pathOf)].map((path) => `validation.${path}`)];
  }

  better(score: string): Better | undefined {
    const path = score.replace(/^validation\./, "").split(".");
    const name = path.at(-1);
    if (path[0] === "losses" || name === "loss") return "lower";
    const { outputs, isSingle } = this.state.settings;
    const output = outputs.find((one) => isSingle || one.name === path[1]);
    return output?.metrics.find((metric) => metric.name === name)?.direction;
  }

  weights(): Weights {
    return readWeights(this.state);
  }

  averagedWeights(): Weights {
    return readAverages(this.state);
  }

  setWeights(weights: Readonly<Record<string, NewWeight>>): void {
    this.#checkHook("setWeights");
    writeWeights(this.state, weights, this.options.lease);
  }

  snapshot(): Uint8Array<ArrayBuffer> {
    return takeSnapshot(this.state);
  }

  scaleLearningRate(factor: number): void {
    this.#checkHook("scaleLearningRate");
    positive()("scaleLearningRate", "factor", factor);
    this.state.rateFactor *= factor;
  }

  #checkHook(who: string): void {
    if (this.isBetweenSteps) return;
    throw new BusyError(`${who}: the model is between no two steps; call it in onEpochEnd or onStepEnd.`);
  }
}
