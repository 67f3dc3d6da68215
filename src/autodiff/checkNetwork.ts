import { parameterElements } from "../compile/graphs.js";
import { isLearned, trainingGraphs } from "../compile/trainingGraphs.js";
import { fill } from "../graph/primitives/elementwise/fill.js";
import { type Parameter, placeholder, source } from "../graph/primitives/step/source.js";
import { evaluate } from "../graph/reference/evaluate.js";
import { sizeOf } from "../graph/shape.js";
import { inLayer, type Value } from "../graph/value.js";
import { stageChunk } from "../model/chunks.js";
import type { ModelState } from "../model/state.js";
import { readWeights } from "../model/weights.js";
import { type Examples, type ExampleTables, toExamples } from "../rows/examples.js";
import { ADDRESSABLE_BYTES } from "../runtime/engine.js";
import { makeObjective } from "../train/scoring/objective.js";
import { Calculator } from "./calculator.js";
import { type CheckSettings, compareGradients, type Subject } from "./compareGradients.js";
import type { GradientCheck } from "./report.js";

const WHO = "gradientCheck";

/** Checks the gradients of a model's training loss by its trained parameters, at the weights that it has. */
export async function checkState(
  state: ModelState,
  data: Examples,
  settings: CheckSettings,
): Promise<GradientCheck> {
  state.machine(WHO);
  state.checkLoss(WHO);
  const examples = toExamples(WHO, data, state.shapes);
  const weights = readWeights(state);
  const numbersOf = ({ name }: Parameter) => (weights[name] as { data: Float32Array }).data;
  const trained = state.parameters.filter((one) => isLearned(one, state.isTrained));
  const gradients = await engineGradients(state, examples, trained, numbersOf, settings);
  const loss = trainingLoss(state, examples);
  const parameters = new Map<Parameter, ArrayLike<number>>(
    state.parameters.map((one) => [one, numbersOf(one)]),
  );
  const feed = { rows: examples.rows, sources: examples.tables.map(({ values }) => values) };
  const lossWith = (replaced: typeof parameters) =>
    evaluate([loss], { ...feed, parameters: replaced, seed: state.settings.seed, step: 0 })[0]
      ?.data[0] as number;
  const subjects = trained.map((one, i): Subject => {
    const values = Float64Array.from(numbersOf(one));
    const lossAt = (element: number, x: number) =>
      lossWith(new Map(parameters).set(one, values.with(element, x)));
    return { name: one.name, shape: one.shape, values, gradient: gradients[i] as Float32Array, lossAt };
  });
  return compareGradients(WHO, subjects, lossWith(parameters), settings);
}

/** The gradients of a training step, before any update; zeros for a parameter that the loss does not depend on. */
async function engineGradients(
  { settings, parameters, isTrained }: ModelState,
  { tables, forms, rows }: ExampleTables,
  trained: readonly Parameter[],
  numbersOf: (one: Parameter) => Float32Array,
  { modules }: CheckSettings,
): Promise<Float32Array[]> {
  const objective = makeObjective(settings, forms);
  const graphs = trainingGraphs(settings.network, objective, { isTrained, observed: [] });
  const calculator = await Calculator.open(modules, {
    who: WHO,
    parameters,
    results: trained.map((one) => graphs.gradients.get(one) ?? fill({ shape: one.shape, value: 0 })),
    rows,
    sourceColumns: tables.map(({ columns }) => columns),
    seed: settings.seed,
    memoryLimit: ADDRESSABLE_BYTES,
  });
  const { machine } = calculator;
  for (const one of parameters) calculator.parameter(one).set(numbersOf(one));
  calculator.run(0, stageChunk(machine, machine.layout.chunk, tables, 0, rows, rows));
  return trained.map((one, i) => calculator.result(i).subarray(0, parameterElements(one)));
}

/** The loss of a training step as it is built, before any rewrite: what the engine computes must be that. */
function trainingLoss({ settings }: ModelState, { forms }: ExampleTables): Value {
  const { network } = settings;
  const inputs = network.inputs.map(({ name, shape }, slot) => inLayer(name, () => placeholder(shape, slot)));
  const objective = makeObjective(settings, forms);
  const targets = objective.targets.map((row, i) =>
    source({ slot: inputs.length + i, row, scale: 1, offset: 0 }),
  );
  const [loss] = objective.build(network.build(inputs, true), targets, true).reports;
  if (loss === undefined || sizeOf(loss.value.shape).factor !== 1)
    throw new Error(`${WHO}: there is no loss.`);
  return loss.value;
}
