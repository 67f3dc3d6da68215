/** How kernels' operands are read from a record: see isa/op.ts. */
import { Control } from "./isa/control";

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

/**
 * Blocks of four random numbers that the micro-batches before this one took, for a tensor of that encoded count. With
 * whole blocks for each row, a step in parts draws what it draws in one.
 */
export function blocksBefore(control: usize, encoded: u32): u32 {
  const before = encoded & 1 ? (encoded >>> 1) * load<u32>(control, Control.rowsBefore) : 0;
  return (before + 3) >>> 2;
}
