import { inputValues, isLearned, type Objective, parameterElements } from "../compile/graphs.js";
import { fill } from "../graph/primitives/elementwise/fill.js";
import { type Parameter, source } from "../graph/primitives/step/source.js";
import { evaluate } from "../graph/reference/evaluate.js";
import { sizeOf } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { openCalculator } from "../model/calculator.js";
import { stageChunk, wordsOf } from "../model/chunks.js";
import type { ModelState } from "../model/state.js";
import { readWeights } from "../model/weights.js";
import type { Built } from "../network/build.js";
import type { AnyNetwork } from "../network/description.js";
import type { Examples, ExampleTables } from "../rows/examples.js";
import type { Table } from "../rows/table.js";
import { ADDRESSABLE_BYTES } from "../runtime/engine.js";
import { training } from "../train/late.js";
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
  // It is there since the model was compiled.
  const { makeObjective, toExamples, trainingGraphs } = await training.load(WHO);
  const { network } = state.settings;
  const examples = toExamples(WHO, data, state.shapes);
  const weights = readWeights(state);
  const numbersOf = ({ name }: Parameter) => (weights[name] as { data: Float32Array }).data;
  const trained = state.parameters.filter((one) => isLearned(one, state.isTrained));
  const objective = makeObjective(state.settings, examples.forms);
  const graphs = trainingGraphs(network, objective, { isTrained: state.isTrained, observed: [] });
  // Zeros for a parameter that the loss does not depend on.
  const wanted = trained.map((one) => graphs.gradients.get(one) ?? fill({ shape: one.shape, value: 0 }));
  const gradients = await engineGradients(state, examples, wanted, numbersOf, settings);
  const loss = trainingLoss(network, objective);
  const parameters = new Map<Parameter, ArrayLike<number>>(
    state.parameters.map((one) => [one, numbersOf(one)]),
  );
  const feed = { rows: examples.rows, sources: examples.tables.map(stagedOf) };
  const lossWith = (replaced: typeof parameters) =>
    evaluate([loss], { ...feed, parameters: replaced, seed: state.settings.seed, step: 0 })[0]
      ?.data[0] as number;
  const subjects = trained.map((one, i): Subject => {
    const values = Float64Array.from(numbersOf(one));
    const lossAt = (element: number, x: number) =>
      lossWith(new Map(parameters).set(one, values.with(element, x)));
    return {
      name: one.name,
      shape: one.shape,
      values,
      gradient: (gradients[i] as Float32Array).subarray(0, parameterElements(one)),
      lossAt,
    };
  });
  return compareGradients(WHO, subjects, lossWith(parameters), settings);
}

/** The numbers of a table as the reference takes them: sparse rows as they are staged. */
const stagedOf = ({ values, rows, staging }: Table) => staging?.pack(rows, (row) => row) ?? values;

/** The gradients of a training step, before any update. */
async function engineGradients(
  { settings, parameters }: ModelState,
  { tables, rows }: ExampleTables,
  results: readonly Value[],
  numbersOf: (one: Parameter) => Float32Array,
  { modules }: CheckSettings,
): Promise<Float32Array[]> {
  const calculator = await openCalculator(modules, {
    who: WHO,
    parameters,
    results,
    rows,
    sourceColumns: tables.map((table) => wordsOf(table, rows)),
    seed: settings.seed,
    memoryLimit: ADDRESSABLE_BYTES,
  });
  const { machine } = calculator;
  for (const one of parameters) calculator.parameter(one).set(numbersOf(one));
  calculator.run(0, stageChunk(machine, machine.layout.chunk, tables, 0, rows, rows));
  return results.map((_, i) => calculator.result(i));
}

/** The loss of a training step as it is built, before any rewrite: what the engine computes must be that. */
function trainingLoss(network: AnyNetwork, objective: Objective<Built>): Value {
  const inputs = inputValues(network);
  const targets = objective.targets.map((row, i) =>
    source({ slot: inputs.length + i, row, scale: 1, offset: 0 }),
  );
  const [loss] = objective.build(network.build(inputs, true), targets, true).reports;
  if (loss === undefined || sizeOf(loss.value.shape).factor !== 1)
    throw new Error(`${WHO}: there is no loss.`);
  return loss.value;
}
