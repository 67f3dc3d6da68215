/** Which weights a training is scored with, where a callback validates with others than it trains. */
import type { Weights } from "../model/weights.js";
import type { Training } from "./callback.js";

/** What gives the weights that validation sees, by training. */
const validated = new WeakMap<Training, () => Weights>();
/** Trainings that end with the weights of their best epoch. */
const restored = new WeakSet<Training>();

/** Notes that validation sees the weights that `weights` gives. */
export function validateWith(training: Training, weights: () => Weights): void {
  validated.set(training, weights);
}

/** A copy of the weights that a score was taken with. */
export function scoredWeights(training: Training, score: string): Weights {
  const weights = score.startsWith("validation.") ? validated.get(training) : undefined;
  return weights === undefined ? training.weights() : weights();
}

/** Puts weights in place that training is to end with, whatever another callback has for its end. */
export function endWith(training: Training, weights: Weights): void {
  training.setWeights(weights);
  restored.add(training);
}

export const isRestored = (training: Training): boolean => restored.has(training);
