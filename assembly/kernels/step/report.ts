import { Control } from "../../isa/control";

/**
 * sums[slot] += value / divisor, times the rows when weighted. Slot 0 is the loss of the step too, to which a
 * micro-batch adds its share.
 */
export function report(control: usize, value: f32, slot: u32, weighted: u32, divisor: u32): void {
  const rows = <f64>load<u32>(control, Control.rows);
  if (slot == 0) {
    // A step of one part has a share of 1, so the loss is the value to the bit.
    const share = weighted ? rows / <f64>load<u32>(control, Control.stepRows) : 1;
    const before = load<u32>(control, Control.rowsBefore) ? load<f64>(control, Control.loss) : 0;
    store<f64>(control, before + <f64>value * share, Control.loss);
  }
  const sum = control + (<usize>slot << 3);
  const weight: f64 = weighted ? rows : 1;
  const added = (<f64>value * weight) / <f64>divisor;
  store<f64>(sum, load<f64>(sum, Control.sums) + added, Control.sums);
}
