import { Control, Method, Op, Status } from "../../assembly/isa.js";
import { isPlace, type Place } from "../compile/instruction.js";
import { DivergedError, UPDATE } from "../errors.js";
import type { Machine } from "../runtime/machine.js";

/** The error for the step that the last run stopped at. */
export function divergedError(machine: Machine, learningRate: number): DivergedError {
  const step = machine.u32(Control.step);
  const loss = machine.f64(Control.loss);
  const gradientNorm = machine.f64(Control.gradientNorm);
  return new DivergedError({ step, loss, gradientNorm, learningRate, layer: repeatStep(machine) });
}

/**
 * Repeats the step, micro-batch by micro-batch, which gives the same bits again. The update is left out.
 *
 * @returns the layer of the first result that is not finite
 */
function repeatStep(machine: Machine): string {
  const stepRows = machine.u32(Control.stepRows);
  const microRows = machine.u32(Control.microRows) || stepRows;
  const base = machine.u32(Control.rowsBase);
  const start = machine.u32(Control.cursor) - (machine.u32(Control.rowsBefore) - base);
  for (let before = 0; before < stepRows; before += microRows) {
    machine.setU32(Control.rows, Math.min(microRows, stepRows - before));
    machine.setU32(Control.rowsBefore, base + before);
    machine.setU32(Control.cursor, start + before);
    const layer = repeatPart(machine);
    if (layer !== undefined) return layer;
  }
  return UPDATE;
}

/** Repeats a step's forward and backward pass on the rows that the control block says. */
function repeatPart(machine: Machine): string | undefined {
  const { engine, layout, program } = machine;
  const rows = machine.u32(Control.rows);
  let record = layout.methods[Method.Train] as number;
  for (const { op, operands, record: layoutOf, layer: owner } of program.methods[Method.Train] ?? []) {
    if (op === Op.GradientNorm) break;
    if (op !== Op.Report) {
      if (engine.execute(layout.control, record) !== Status.Ok) break;
      const [result] = Object.values(operands);
      if (result !== undefined && isPlace(result) && !isFinitePlace(machine, result, rows)) return owner;
    }
    record += layoutOf.words * 4;
  }
  return undefined;
}

function isFinitePlace(machine: Machine, place: Place, rows: number): boolean {
  const count = place.size.perRow ? place.size.factor * rows : place.size.factor;
  return machine.floats(place, count).every(Number.isFinite);
}
