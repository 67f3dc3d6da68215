/** What of a step concerns one group of parameters. */
import { Control } from "../../isa/control";
import { real, word } from "../../record";

/** The learning rate of the step, times the factor of the group that the record updates. */
export function updateRate(control: usize, r: usize, field: i32): f32 {
  return <f32>(<f64>load<f32>(control, Control.learningRate) * <f64>real(r, field));
}

/** Steps that the group was trained for before this one. */
export function stepsSince(control: usize, r: usize, field: i32): u32 {
  return load<u32>(control, Control.step) - word(r, field);
}
