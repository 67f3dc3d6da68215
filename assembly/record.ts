/** How kernels' operands are read from a record: see isa.ts. */
import { Control } from "./isa";

/** An address or a plain integer. */
@inline
export function word(record: usize, field: i32): u32 {
  return load<u32>(record + (<usize>field << 2));
}

/** An f32 immediate. */
@inline
export function real(record: usize, field: i32): f32 {
  return load<f32>(record + (<usize>field << 2));
}

/** factor << 1 | perRow: a number of elements at the rows of this step. */
@inline
export function count(control: usize, record: usize, field: i32): u32 {
  const encoded = word(record, field);
  const factor = encoded >>> 1;
  return encoded & 1 ? factor * load<u32>(control + Control.rows) : factor;
}
