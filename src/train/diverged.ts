import { Control, Method, Op, Status } from "../../assembly/isa.js";
import { isPlace, type Place } from "../compile/instruction.js";
import { DivergedError, UPDATE } from "../errors.js";
import type { Machine } from "../runtime/machine.js";

/**
 * The error for the step that the last run stopped at.
 *
 * The step is repeated instruction by instruction, which gives the same bits again, to find the first result that is
 * not finite. The update is left out.
 */
export function divergedError(machine: Machine, learningRate: number): DivergedError {
  const { engine, layout, program } = machine;
  const rows = machine.u32(Control.rows);
  const loss = machine.f64(Control.loss);
  const gradientNorm = machine.f64(Control.gradientNorm);
  let record = layout.methods[Method.Train] as number;
  let layer = UPDATE;
  for (const { op, operands, record: layoutOf, layer: owner } of program.methods[Method.Train] ?? []) {
    if (op === Op.GradientNorm) break;
    if (op !== Op.Report) {
      if (engine.execute(layout.control, record) !== Status.Ok) break;
      const [result] = Object.values(operands);
      if (result !== undefined && isPlace(result) && !isFinitePlace(machine, result, rows)) {
        layer = owner;
        break;
      }
    }
    record += layoutOf.words * 4;
  }
  return new DivergedError({ step: machine.u32(Control.step), loss, gradientNorm, learningRate, layer });
}

function isFinitePlace(machine: Machine, place: Place, rows: number): boolean {
  const count = place.size.perRow ? place.size.factor * rows : place.size.factor;
  return machine.floats(place, count).every(Number.isFinite);
}
