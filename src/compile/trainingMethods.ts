import type { Graphs } from "./graphs.js";
import type { Instruction, Place } from "./instruction.js";
import type { ParameterPlaces } from "./memory/segments.js";
import { type Observed, observe } from "./observe.js";
import type { Plans } from "./plans.js";
import type { ProgramOptions, TrainingMethods } from "./program.js";
import { updateInstructions } from "./update.js";

/** The training step of its lowered graph: with the update behind it, and as it is observed. */
export function trainingMethods(
  graphs: Graphs,
  plans: Plans,
  graph: readonly Instruction[],
  options: ProgramOptions,
): TrainingMethods {
  const averaged = [...graphs.averages.keys()];
  const train = [...graph, ...updateInstructions(plans.parameters, { ...options, averaged })];
  return { train, observed: observeTraining(graphs, plans, train, options) };
}

function observeTraining(
  { inputs }: Graphs,
  { parameters, train: { order, plan } }: Plans,
  train: readonly Instruction[],
  { observes, accumulates }: ProgramOptions,
): Observed | undefined {
  if (observes === undefined) return undefined;
  const gradients = summed(parameters, accumulates);
  return observe({ train, order, inputs, places: plan.places, gradients, updates: observes === "updates" });
}

/** Each trained parameter, and where its gradient is when all micro-batches have added to it. */
function summed({ places, trainedBytes, averagedBytes }: ParameterPlaces, accumulates: boolean) {
  const start = accumulates ? trainedBytes + averagedBytes : 0;
  return [...places].flatMap(([one, weight]) => {
    if (weight.offset >= trainedBytes) return [];
    const gradient: Place = { ...weight, segment: "gradients", offset: start + weight.offset };
    return [{ one, weight, gradient }];
  });
}
