import { Control } from "../../../assembly/isa/control";
import { report } from "../../../assembly/kernels/step/report";

const control = memory.data(704, 16);

/** A control block of a micro-batch of so many rows, of a step of so many. */
function begin(rows: u32, stepRows: u32, rowsBefore: u32): void {
  store<u32>(control, rows, Control.rows);
  store<u32>(control, stepRows, Control.stepRows);
  store<u32>(control, rowsBefore, Control.rowsBefore);
}

function sumOf(slot: i32): f64 {
  return load<f64>(control + (<usize>slot << 3), Control.sums);
}

describe("report", () => {
  it("adds a value to its sum, times the rows when it is a mean, divided in f64", () => {
    memory.fill(control, 0, 704);
    begin(7, 7, 0);
    report(control, 3, 2, 0, 1);
    report(control, 3, 2, 1, 1);
    report(control, 1, 3, 0, 3);
    expect(sumOf(2)).toBe(3 + 3 * 7);
    expect(sumOf(3)).toBe(1.0 / 3.0);
    expect(sumOf(0)).toBe(0);
  });

  it("keeps the loss of a step of one part to the bit", () => {
    memory.fill(control, 0, 704);
    begin(3, 3, 0);
    store<f64>(control, 99, Control.loss);
    report(control, 0.1, 0, 1, 1);
    expect(load<f64>(control, Control.loss)).toBe(<f64>(<f32>0.1));
    expect(sumOf(0)).toBe(<f64>(<f32>0.1) * 3);
  });

  it("weighs the loss of each micro-batch by its share of the rows, and adds sums as they are", () => {
    memory.fill(control, 0, 704);
    begin(6, 8, 0);
    report(control, 4, 0, 1, 1);
    begin(2, 8, 6);
    report(control, 8, 0, 1, 1);
    expect(load<f64>(control, Control.loss)).toBe(4 * 0.75 + 8 * 0.25);
    expect(sumOf(0)).toBe(4 * 6 + 8 * 2);
    begin(6, 8, 0);
    report(control, 4, 0, 0, 1);
    begin(2, 8, 6);
    report(control, 8, 0, 0, 1);
    expect(load<f64>(control, Control.loss)).toBe(12);
  });
});
