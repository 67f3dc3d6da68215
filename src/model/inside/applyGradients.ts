import { Method, Status } from "../../../assembly/isa/control.js";
import { DivergedError, OptionError, ShapeError, UPDATE } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { parameterElements } from "../../compile/graphs.js";
import type { Place } from "../../compile/instruction.js";
import type { Parameter } from "../../graph/primitives/step/source.js";
import { formatShape, sameShape } from "../../graph/shape.js";
import { startPass } from "../../runtime/machine.js";
import { LearningRates } from "../../train/rates.js";
import type { StepReport } from "../../train/scoring/reports.js";
import { leased } from "../leased.js";
import { type ModelState, whenPlanned } from "../state.js";
import { checkedWeights, type NewWeight } from "../weights.js";
import { appliesGradients, applyingMaker, gradientPlace } from "./applyProgram.js";

/** Gradients by the names of parameters. */
export type GivenGradients = Readonly<Record<string, NewWeight>>;

/** What an update came to. */
export type UpdateReport = Pick<StepReport, "step" | "gradientNorm" | "learningRate">;

type Values = Float32Array | Uint8Array;

/** See Model.applyGradients. */
export async function applyGradients(state: ModelState, given: GivenGradients): Promise<UpdateReport> {
  const who = "applyGradients";
  state.machine(who);
  state.access.check(who);
  state.checkLoss(who);
  state.checkTrained(who);
  const gradients = checkGradients(who, state, given);
  return leased(state, who, async () => {
    await whenPlanned(who, () => {
      const machine = state.machine(who);
      if (appliesGradients(machine.program)) return;
      machine.load(applyingMaker(state, machine.program), 0, true);
    });
    return update(who, state, gradients);
  });
}

async function update(
  who: string,
  state: ModelState,
  gradients: ReadonlyMap<Parameter, Values>,
): Promise<UpdateReport> {
  const machine = state.machine(who);
  const { program, step } = machine;
  const moving = state.parameters.filter(state.isTrained);
  for (const one of moving) {
    // A running average that is not given moves towards what it is: it stays.
    const values =
      gradients.get(one) ?? machine.floats(program.parameters.get(one) as Place, parameterElements(one));
    machine.write(gradientPlace(program, one), values);
  }
  const rates = new LearningRates(state.settings.optimizer.learningRate, state);
  const staged = { rows: 1, epochRows: 0, sources: [], order: 0 };
  const pass = startPass();
  const run = { staged, pass, batchRows: 1, steps: 1, rates: rates.next(step, 1) };
  const reply = await machine.run(Method.Apply, run);
  // Where no instruction writes a gradient, training counts on zeros.
  for (const one of moving) {
    machine.write(gradientPlace(program, one), new Float32Array(parameterElements(one)));
  }
  const learningRate = rates.at(0);
  if (reply.status !== Status.Ok) {
    const gradientNorm = reply.stop?.gradientNorm ?? Number.NaN;
    throw new DivergedError({ step, loss: Number.NaN, gradientNorm, learningRate, layer: UPDATE });
  }
  machine.step += reply.done;
  return { step, gradientNorm: reply.last.gradientNorm, learningRate };
}

const SHOWN = 6;

/** @throws OptionError for what is no object, ShapeError with all that differs from this network, DataError */
function checkGradients(who: string, state: ModelState, given: GivenGradients): Map<Parameter, Values> {
  if (typeof given !== "object" || given === null || Symbol.iterator in given || ArrayBuffer.isView(given)) {
    throw new OptionError(
      `${who}: got ${describe(given)}; needs an object of gradients by name, as gradients() gives.`,
    );
  }
  checkFits(who, state, given);
  return new Map(checkedWeights(who, state, given).map(({ one, values }) => [one, values]));
}

function checkFits(who: string, state: ModelState, given: GivenGradients): void {
  const known = new Map(state.parameters.map((one) => [one.name, one]));
  const odd = Object.entries(given).flatMap(([name, gradient]) => {
    const one = known.get(name);
    if (one === undefined) return [`there is no "${name}"`];
    if (!state.isTrained(one)) return [`"${name}" is frozen`];
    const shape = shapeOf(gradient);
    if (shape === undefined || sameShape(shape, one.shape)) return [];
    return [`"${name}" is ${formatShape(shape)} in place of ${formatShape(one.shape)}`];
  });
  const needed = state.parameters.filter((one) => state.isTrained(one) && one.average === undefined);
  const missing = needed.filter(({ name }) => !Object.hasOwn(given, name));
  const differences = [...odd, ...missing.map(({ name }) => `"${name}" is missing`)];
  if (differences.length === 0) return;
  const more = differences.length > SHOWN ? `, and ${differences.length - SHOWN} more` : "";
  throw new ShapeError(
    `${who}: the gradients do not fit this network: ${differences.slice(0, SHOWN).join(", ")}${more}; needs one for each ` +
      "parameter that is trained, as gradients() of this model gives them. Freeze what is not to change.",
  );
}

/** The shape that a gradient says that it has. */
function shapeOf(gradient: unknown): readonly number[] | undefined {
  const { shape } = (typeof gradient === "object" && gradient !== null ? gradient : {}) as {
    readonly shape?: unknown;
  };
  return Array.isArray(shape) ? shape : undefined;
}
