/** What Keras, PyTorch and scikit-learn call things that have another name here; in small letters, without `_`. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  acc: ["accuracy"],
  auc: ["rocAuc"],
  bce: ["binaryCrossEntropy"],
  categoricalcrossentropy: ["crossEntropy"],
  sparsecategoricalcrossentropy: ["crossEntropy"],
  nll: ["crossEntropy"],
  mse: ["meanSquaredError"],
  rmse: ["rootMeanSquaredError"],
  mae: ["meanAbsoluteError"],
  l1loss: ["meanAbsoluteError"],
  mape: ["meanAbsolutePercentageError"],
  r2: ["rSquared"],
  r2score: ["rSquared"],
  lr: ["learningRate", "initialLearningRate", "maxLearningRate"],
  minlr: ["minLearningRate"],
  eps: ["epsilon"],
  stddev: ["deviation"],
  validationdata: ["validation"],
};

/** A name without what languages differ in: `val_loss`, `valLoss`. */
export const plain = (name: string): string => name.toLowerCase().replaceAll("_", "");

/** The name here of what is known by another, if it is among those that fit. */
export function nameHere(name: string, known: readonly string[]): string | undefined {
  const key = plain(name);
  return Object.hasOwn(NAMES, key) ? NAMES[key]?.find((one) => known.includes(one)) : undefined;
}
