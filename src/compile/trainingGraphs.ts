/** The graphs of a network that is trained: its losses, their gradients, what running averages move towards. */
import { GradientError } from "../check/errors.js";
import { backward } from "../graph/backward.js";
import { scale } from "../graph/primitives/elementwise/affine.js";
import { add } from "../graph/primitives/elementwise/binary.js";
import { rewrites } from "../graph/primitives/fuse.js";
import { report } from "../graph/primitives/step/report.js";
import { type Parameter, parameter } from "../graph/primitives/step/source.js";
import { rewrite } from "../graph/rewrite.js";
import { schedule } from "../graph/schedule.js";
import { inLayer, type Value } from "../graph/value.js";
import { chainRule } from "./chainRule.js";
import {
  type Buildable,
  type BuiltGraph,
  type GraphOptions,
  type Graphs,
  inputValues,
  isLearned,
  type NamedLoss,
  type Objective,
  predictionGraphs,
  type Reported,
  targetValues,
} from "./graphs.js";

const isParameter = ({ op }: Value) => (op as unknown) === parameter;

export function trainingGraphs<B extends BuiltGraph>(
  network: Buildable<B>,
  objective: Objective<B>,
  options: GraphOptions,
): Graphs {
  const { isTrained } = options;
  const prediction = predictionGraphs(network, options);
  const forward = (training: boolean) => network.build(inputValues(network), training, isTrained);
  const reported = (graph: B, isTraining: boolean) => {
    const targets = targetValues(network, objective.targets);
    const { reports, losses, ...shown } = objective.build(graph, targets, isTraining);
    const roots = reports.flatMap(({ value, more = [], weighted, divisor }, slot) =>
      inLayer(slot === 0 ? "loss" : "metrics", () =>
        [value, ...more].map((one) => report(one, { slot, weighted, divisor })),
      ),
    );
    const scores = { slots: reports.length, ...shown };
    return { loss: (reports[0] as Reported).value, losses, roots, scores };
  };
  const evaluate = schedule(rewrite(reported(forward(false), false).roots, rewrites()));
  const training = forward(true);
  const { loss, losses, roots, scores } = reported(training, true);
  const isChanged = (value: Value) =>
    isParameter(value) && isLearned(value.attributes as Parameter, isTrained);
  const trained = schedule([loss]).filter(isChanged);
  if (trained.length > 0 || schedule(training.outputs).some(isChanged)) checkPaths(losses, trained);
  const found = backward(loss, trained, chainRule);
  // Last layer first: each gradient is used up before the next is made.
  const pairs = trained
    .flatMap((value, i) =>
      found[i] ? [{ parameter: value.attributes as Parameter, gradient: found[i] }] : [],
    )
    .reverse();
  const moved = averagesOf(training).filter((one) => isTrained(one.parameter));
  const wantedValues = [...pairs.map(({ gradient }) => gradient), ...moved.map(({ value }) => value)];
  const rewritten = rewrite([...roots, ...wantedValues], rewrites());
  const valuesOf = (some: readonly { readonly parameter: Parameter }[], first: number) =>
    new Map(some.map(({ parameter }, i) => [parameter, rewritten[first + i] as Value] as const));
  return {
    ...prediction,
    evaluate,
    train: schedule(rewritten),
    gradients: valuesOf(pairs, roots.length),
    averages: valuesOf(moved, roots.length + pairs.length),
    scores,
  };
}

/** One value for each running average: the mean of those that the uses of its layer give. */
export function averagesOf({ averages = [] }: BuiltGraph): { parameter: Parameter; value: Value }[] {
  const given = new Map<Parameter, Value[]>();
  for (const { parameter: one, value } of averages) given.set(one, [...(given.get(one) ?? []), value]);
  return [...given].map(([one, values]) => {
    const total = (values as [Value, ...Value[]]).reduce((sum, value) => add(sum, value));
    return { parameter: one, value: values.length === 1 ? total : scale(total, 1 / values.length) };
  });
}

/** @throws GradientError for a loss that no trained parameter can change */
function checkPaths(losses: readonly NamedLoss[], trained: readonly Value[]): void {
  const changed = new Set(trained);
  const isFrozen = (value: Value) => isParameter(value) && !changed.has(value);
  for (const { name, value, byLayer } of losses) {
    if (backward(value, trained, chainRule).some((gradient) => gradient !== null)) continue;
    if (byLayer && schedule([value]).some(isFrozen)) continue;
    throw new GradientError(
      `compile: no trained parameter changes the loss of ${name}: there is no gradient path from it to one. ` +
        "Leave its loss out, unfreeze a layer before it, or wire it through a layer that is trained.",
    );
  }
}
