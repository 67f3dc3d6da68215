/** The update of a training step as a method of its own, for gradients that come from elsewhere. */
import { Method } from "../../../assembly/isa/control.js";
import { elementwiseKinds } from "../../compile/facts/elementwise.js";
import { stepKinds } from "../../compile/facts/step.js";
import { type Instruction, instruction, type Place } from "../../compile/instruction.js";
import { scratchBytes } from "../../compile/memory/scratch.js";
import { part, placeParameters } from "../../compile/memory/segments.js";
import type { Program } from "../../compile/program.js";
import { updateInstructions } from "../../compile/update.js";
import type { Parameter } from "../../graph/primitives/step/source.js";
import { sizeOf } from "../../graph/shape.js";
import { treatments } from "../../optimizers/treatments.js";
import type { MakeProgram } from "../../runtime/machine.js";
import type { ModelState } from "../state.js";

/** Whether a program has the method. */
export const appliesGradients = ({ methods }: Program): boolean => methods[Method.Apply] !== undefined;

/** The program that the model has, with the method beside the others. */
export function applyingMaker(state: ModelState, { rows, accumulates }: Program): MakeProgram {
  const make = state.programs.maker({ forms: state.programs.forms, rows, accumulates });
  const apply = updateOf(state);
  return (arenaLimit) => {
    const program = make(arenaLimit);
    const methods = [...program.methods];
    methods[Method.Apply] = apply;
    const scratch = Math.max(program.segments.scratch, scratchBytes(apply, program.rows));
    return { ...program, methods, segments: { ...program.segments, scratch } };
  };
}

function updateOf({ settings, parameters, programs }: ModelState): Instruction[] {
  const { optimizer, clipping } = settings;
  const placed = placeParameters(parameters, programs.since, treatments(optimizer, parameters));
  const averaged = parameters.filter((one) => one.average !== undefined && programs.isTrained(one));
  // Gradients are given whole: there is nothing to add up.
  const options = { update: optimizer, clipping, accumulates: false, weighted: true, averaged };
  return [...withoutLoss(), ...updateInstructions(placed, options)];
}

/** The check before the update asks whether the loss is finite: that of the last step need not be. */
function withoutLoss(): Instruction[] {
  const value: Place = { ...part("scratch", 0, 16), size: sizeOf([1]) };
  return [
    instruction(elementwiseKinds.Fill, "loss", {
      y: value,
      count: { count: value.size },
      value: { real: 0 },
    }),
    instruction(stepKinds.Report, "loss", { value, slot: 0, weighted: 0, divisor: 1 }),
  ];
}

/** Where the gradient of a parameter lies, or what a running average moves towards. */
export const gradientPlace = ({ parameters }: Program, one: Parameter): Place => ({
  ...(parameters.get(one) as Place),
  segment: "gradients",
});
