/** One step of training, laid open: every number of backpropagation. */
import { Method, Status } from "../../../assembly/isa/control.js";
import { flag, integer } from "../../check/kinds.js";
import { take } from "../../check/schema.js";
import { chainRule } from "../../compile/chainRule.js";
import { parameterElements } from "../../compile/graphs.js";
import type { Place } from "../../compile/instruction.js";
import { backward } from "../../graph/backward.js";
import { ROWS } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import type { Node } from "../../layers/layer.js";
import { splitSeed } from "../../numeric/random.js";
import type { Examples, ExampleTables } from "../../rows/examples.js";
import { formsKey } from "../../rows/target.js";
import { LocalPort } from "../../runtime/local.js";
import { Machine, startPass } from "../../runtime/machine.js";
import { divergedError } from "../../train/diverged.js";
import { training as trainingPart } from "../../train/late.js";
import { LearningRates } from "../../train/rates.js";
import { stageChunk, stagedRoom } from "../chunks.js";
import type { ModelState } from "../state.js";
import { readWeights, type Weight, type Weights } from "../weights.js";
import { checkBatch } from "./batch.js";
import { calculate, opened } from "./calculators.js";
import { lossGraph } from "./lossGraph.js";
import { preActivationOf } from "./preActivation.js";
import type { Trace, TracedLayer, TracedParameter, TraceOptions } from "./traced.js";
import { traceText } from "./traceText.js";

/** See Model.trace. */
export async function trace(state: ModelState, data: Examples, options: TraceOptions = {}): Promise<Trace> {
  const who = "trace";
  const written = take(who, options, { digits: integer(0, 6), most: integer(1, 8), backward: flag(true) });
  state.machine(who);
  state.checkLoss(who);
  state.checkTrained(who);
  const { toExamples } = await trainingPart.load(who);
  checkBatch(who, data);
  const examples = toExamples(who, data, state.shapes);
  const { tables, rows, forms } = examples;
  const key = JSON.stringify(["trace", formsKey(forms)]);
  const { calculator, plan } = await opened(who, state, key, examples, () => planTrace(who, state, forms));
  const update = await openUpdate(who, state, examples);
  // From here on at once: a fit that runs must not come in between.
  const weights = readWeights(state);
  const { step } = state.standing;
  calculate(calculator, state, weights, step, { tables, first: 0, rows });
  const numbersOf = (value: Value): Weight => ({
    shape: value.shape.map((axis) => (axis === ROWS ? rows : axis)),
    data: calculator.result(plan.results.indexOf(value), rows),
  });
  const updated = await update(weights, step);
  const { wiring } = state.settings.network;
  const layers = plan.nodes.map(({ node, output, ...found }): TracedLayer => {
    const name = wiring.names.get(node.layer) as string;
    const given = Object.entries(found).flatMap(([what, value]) =>
      value === undefined ? [] : [[what, numbersOf(value)] as const],
    );
    return {
      name,
      kind: node.layer.kind,
      inputs: node.inputs.map(({ layer }) => wiring.names.get(layer) as string),
      output: numbersOf(output),
      ...Object.fromEntries(given),
      parameters: wiring.parametersOf(node.layer).map((one) => one.name),
    };
  });
  const parameters = state.parameters.map((one): TracedParameter => {
    const { name, shape } = one;
    const gradient = plan.gradients.get(name);
    return {
      name,
      shape: [...shape],
      before: (weights[name] as Weight).data,
      ...(gradient && { gradient: numbersOf(gradient).data }),
      after: updated.after.get(name) as Float32Array,
    };
  });
  const { loss, gradientNorm, learningRate } = updated;
  const traced = { step, rows, loss, gradientNorm, learningRate, layers, parameters };
  return { ...traced, toString: () => traceText(traced, written) };
}

interface NodePlan {
  readonly node: Node;
  readonly output: Value;
  readonly preActivation: Value | undefined;
  readonly preActivationGradient: Value | undefined;
  readonly outputGradient: Value | undefined;
}

interface TracePlan {
  readonly results: readonly Value[];
  readonly nodes: readonly NodePlan[];
  /** By the names of parameters that are trained. */
  readonly gradients: ReadonlyMap<string, Value>;
}

/** All that a step goes through, as results of one graph. */
async function planTrace(
  who: string,
  state: ModelState,
  forms: Parameters<typeof lossGraph>[2]["forms"],
): Promise<TracePlan> {
  const { loss, built, parameters, bypassed } = await lossGraph(who, state, { forms, training: true });
  const { wiring } = state.settings.network;
  const uses = wiring.nodes.map((node) => {
    return { node, output: built.values.get(node) as Value, before: preActivationOf(wiring, built, node) };
  });
  const trained = [...parameters].filter(([one]) => one.average === undefined && state.isTrained(one));
  const subjects = [
    ...new Set([
      ...trained.map(([, value]) => value),
      ...uses.flatMap(({ node, output, before }) =>
        (node.inputs.length > 0 ? [output, before ?? []] : []).flat(),
      ),
    ]),
  ].filter((value) => !bypassed.has(value));
  const found = backward(loss, subjects, chainRule);
  const gradientOf = (value: Value | undefined) =>
    value === undefined ? undefined : (found[subjects.indexOf(value)] ?? undefined);
  const nodes = uses.map(({ node, output, before }): NodePlan => {
    return {
      node,
      output,
      preActivation: before,
      preActivationGradient: gradientOf(before),
      outputGradient: gradientOf(output),
    };
  });
  const gradients = new Map(
    trained.flatMap(([one, value]) => {
      const gradient = gradientOf(value);
      return gradient === undefined ? [] : [[one.name, gradient] as const];
    }),
  );
  const values = nodes.flatMap((one) => [
    one.output,
    one.preActivation,
    one.preActivationGradient,
    one.outputGradient,
  ]);
  const results = [...new Set([...values, ...gradients.values()])].flatMap((value) => value ?? []);
  return { results, nodes, gradients };
}

/**
 * The step itself: the records of `fit`, in a memory of their own, on a copy of weights and slots. What it returns makes
 * it, and tells what came of it.
 */
async function openUpdate(who: string, state: ModelState, { tables, rows, forms }: ExampleTables) {
  const { settings, modules, programs } = state;
  const twin = new Machine(new LocalPort(modules.core), programs.maker({ forms, rows, accumulates: false }), {
    family: modules.family,
    limitBytes: settings.memoryLimit,
    seed: splitSeed(settings.seed),
  });
  await twin.link();
  return async (weights: Weights, step: number) => {
    const machine = state.machine(who);
    for (const one of state.parameters) {
      twin.write(twin.program.parameters.get(one) as Place, (weights[one.name] as Weight).data);
      const slots = machine.program.trained.get(one)?.slots ?? [];
      slots.forEach((place, i) => {
        const to = twin.program.trained.get(one)?.slots[i];
        if (to !== undefined) twin.write(to, machine.floats(place, parameterElements(one)));
      });
    }
    twin.step = step;
    const rates = new LearningRates(settings.optimizer.learningRate, state);
    const isSparse = tables.some(({ staging }) => staging);
    const address = isSparse ? twin.reserve(stagedRoom(tables, rows)) : twin.layout.chunk;
    const staged = stageChunk(twin, address, tables, 0, rows, rows);
    const run = { staged, pass: startPass(), batchRows: rows, steps: 1, rates: rates.next(step, 1) };
    const reply = await twin.run(Method.Train, run);
    if (reply.status === Status.Diverged) throw divergedError(twin, reply, rates.at(0));
    if (reply.status === Status.IndexOutOfRange) throw twin.indexError(Method.Train, reply);
    const after = new Map(
      state.parameters.map((one) => {
        const place = twin.program.parameters.get(one) as Place;
        return [one.name, twin.floats(place, parameterElements(one)).slice()] as const;
      }),
    );
    const { loss, gradientNorm } = reply.last;
    return { after, loss, gradientNorm, learningRate: rates.at(0) };
  };
}
