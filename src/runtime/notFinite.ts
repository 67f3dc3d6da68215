import { Control, Status } from "../../assembly/isa/control.js";
import type { Engine } from "./engine.js";
import type { Result } from "./port.js";

/**
 * Repeats the step that the engine stopped at, micro-batch by micro-batch and instruction by instruction, which gives
 * the same bits again. The update is left out.
 *
 * @returns the number of the first instruction whose result is not finite; −1 when it is the update
 */
export function firstNotFinite(
  engine: Engine,
  control: number,
  method: number,
  results: readonly Result[],
): number {
  const at = (field: Control) => (control + field) >>> 2;
  const stepRows = engine.u32[at(Control.stepRows)] as number;
  const microRows = (engine.u32[at(Control.microRows)] as number) || stepRows;
  const base = engine.u32[at(Control.rowsBase)] as number;
  const start =
    (engine.u32[at(Control.cursor)] as number) - ((engine.u32[at(Control.rowsBefore)] as number) - base);
  for (let before = 0; before < stepRows; before += microRows) {
    const rows = Math.min(microRows, stepRows - before);
    engine.u32[at(Control.rows)] = rows;
    engine.u32[at(Control.rowsBefore)] = base + before;
    engine.u32[at(Control.cursor)] = start + before;
    const found = repeat(engine, control, method, results, rows);
    if (found >= 0) return found;
  }
  return -1;
}

function repeat(
  engine: Engine,
  control: number,
  method: number,
  results: readonly Result[],
  rows: number,
): number {
  let record = method;
  for (const [i, { address, factor, perRow, isVital }] of results.entries()) {
    if (factor > 0) {
      if (engine.execute(control, record) !== Status.Ok) return -1;
      const count = perRow ? factor * rows : factor;
      if (isVital && !engine.floats(address, count).every(Number.isFinite)) return i;
    }
    record += (engine.u32[(record + 4) >>> 2] as number) * 4;
  }
  return -1;
}
