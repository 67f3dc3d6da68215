/** The loss of a network as a graph of its own, before any rewrite: what is differentiated by other things than weights. */
import { inputValues, targetValues } from "../../compile/graphs.js";
import type { Parameter } from "../../graph/primitives/step/source.js";
import { parameter } from "../../graph/primitives/step/source.js";
import { schedule } from "../../graph/schedule.js";
import type { Value } from "../../graph/value.js";
import { withParts } from "../../late.js";
import type { Built } from "../../network/build.js";
import type { TargetForm } from "../../rows/target.js";
import { training as trainingPart } from "../../train/late.js";
import type { ModelState } from "../state.js";

export interface LossGraph {
  readonly inputs: readonly Value[];
  readonly built: Built;
  /** What is made small: a scalar. */
  readonly loss: Value;
  /** The value of each parameter that the loss depends on. */
  readonly parameters: ReadonlyMap<Parameter, Value>;
  /** What an output is made of behind the place where its loss begins, as a softmax is whose loss is worked from the logits. */
  readonly bypassed: ReadonlySet<Value>;
}

export interface LossGraphOptions {
  readonly forms: readonly TargetForm[];
  /** Whether it is that of a training step, or that which `evaluate` reports. */
  readonly training: boolean;
}

/** The graph of the loss for targets of those forms. */
export async function lossGraph(
  who: string,
  { settings, isTrained }: ModelState,
  { forms, training }: LossGraphOptions,
): Promise<LossGraph> {
  const { network, outputs } = settings;
  // It is there since the model was compiled.
  const { makeObjective } = await trainingPart.load(who);
  return withParts(who, () => {
    const objective = makeObjective(settings, forms);
    const inputs = inputValues(network);
    const built = network.build(inputs, training, isTrained);
    const { reports, losses } = objective.build(built, targetValues(network, objective.targets), training);
    const loss = (reports[0] as { value: Value }).value;
    const used = schedule([loss]);
    const isParameter = ({ op }: Value) => (op as unknown) === parameter;
    const parameters = used
      .filter(isParameter)
      .map((value) => [value.attributes as Parameter, value] as const);
    const scored = outputs.filter((one) => one.loss !== undefined);
    // The losses of outputs come first, in their order; those of layers follow.
    const bypassed = scored.flatMap(({ index }, i) => {
      const seen = new Set(schedule([(losses[i] as { value: Value }).value]));
      return schedule([built.outputs[index] as Value]).filter((value) => !seen.has(value));
    });
    return { inputs, built, loss, parameters: new Map(parameters), bypassed: new Set(bypassed) };
  });
}
