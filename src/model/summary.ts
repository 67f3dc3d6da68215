import { summarize } from "../network/summary.js";
import { hasLoss } from "../train/scoring/outputs.js";
import type { ModelState } from "./state.js";

/** The network of a model as a table, and what it is trained by. */
export function summaryOf({ settings, isTrained }: ModelState): string {
  const { network, outputs, optimizer } = settings;
  const losses = outputs.flatMap(({ name, loss }) =>
    loss ? (network.single.output ? loss.name : `${name}: ${loss.name}`) : [],
  );
  const training = `\nloss: ${losses.join(", ") || "of layers"}; optimizer: ${optimizer.name}`;
  return summarize(network, isTrained, hasLoss(settings) ? training : "");
}
