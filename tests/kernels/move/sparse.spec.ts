import { matmul } from "../../../assembly/kernels/matmul/matmul";
import { sparseGather, sparseProduct, sparseProductGrad } from "../../../assembly/kernels/move/sparse";
import { Activation, Form } from "../../../assembly/isa/matmul";
import { at, buffer, guarded, near, put, sample, samples, samplesAtMemoryEnd } from "../floats";

/** Whether row r has a value at column k: rows without any among them. */
function has(r: u32, k: u32): bool {
  return r % 4 != 2 && (r * 31 + k * 7) % 5 == 0;
}

/** Sparse rows as they are staged. */
function sparse(rows: u32, features: u32): usize {
  const source = heap.alloc(((<usize>rows + 2) << 2) + 8 * <usize>rows * features);
  let pair = source + ((<usize>(rows + 2) & ~1) << 2);
  for (let r: u32 = 0; r < rows; r++) {
    store<u32>(source + (<usize>r << 2), <u32>(pair - source));
    for (let k: u32 = 0; k < features; k++) {
      if (!has(r, k)) continue;
      store<u32>(pair, k);
      store<f32>(pair, sample(r * features + k), 4);
      pair += 8;
    }
  }
  store<u32>(source + (<usize>rows << 2), <u32>(pair - source));
  return source;
}

/** The same rows as dense ones, in an order. */
function dense(order: usize, rows: u32, features: u32): usize {
  const x = buffer(rows * features);
  for (let i: u32 = 0; i < rows; i++) {
    const r = order ? load<u32>(order + (<usize>i << 2)) : i;
    for (let k: u32 = 0; k < features; k++) {
      put(x, i * features + k, has(r, k) ? sample(r * features + k) : 0);
    }
  }
  return x;
}

/** Each row but the first of all, last first. */
function reversed(rows: u32): usize {
  const order = heap.alloc(<usize>rows << 2);
  for (let i: u32 = 0; i < rows; i++) store<u32>(order + (<usize>i << 2), rows - i);
  return order;
}

/** Whether all three kernels agree with dense rows, forward to the bit. */
function agrees(rows: u32, features: u32, columns: u32, ordered: bool): bool {
  const source = sparse(rows + 1, features);
  const order: usize = ordered ? reversed(rows) : 0;
  const x = dense(order, rows, features);
  const gathered = buffer(rows * features);
  sparseGather(gathered, source, order, 0, rows, features);
  let right = guarded(gathered, rows * features);
  for (let i: u32 = 0; i < rows * features; i++) if (at(gathered, i) != at(x, i)) right = false;

  const w = samples(features * columns, 3);
  const y = buffer(rows * columns), expected = buffer(rows * columns);
  const scratch = heap.alloc(4 * (<usize>256 * (rows + columns + 16) + 64));
  sparseProduct(y, w, source, order, 0, rows, columns);
  matmul(Form.AB, expected, x, w, 0, rows, columns, features, Activation.None, scratch);
  if (!guarded(y, rows * columns)) right = false;
  for (let i: u32 = 0; i < rows * columns; i++) if (at(y, i) != at(expected, i)) right = false;

  const dy = samples(rows * columns, 11);
  const dw = buffer(features * columns);
  sparseProductGrad(dw, dy, source, order, 0, rows, features, columns);
  if (!guarded(dw, features * columns)) right = false;
  for (let k: u32 = 0; k < features; k++) {
    for (let c: u32 = 0; c < columns; c++) {
      let total: f64 = 0;
      for (let r: u32 = 0; r < rows; r++) {
        total += <f64>at(x, r * features + k) * <f64>at(dy, r * columns + c);
      }
      if (!near(at(dw, k * columns + c), total, 1e-6, 16 * <f64>(rows + 1))) right = false;
    }
  }
  heap.free(source);
  if (ordered) heap.free(order);
  heap.free(x);
  heap.free(gathered);
  heap.free(w);
  heap.free(y);
  heap.free(expected);
  heap.free(scratch);
  heap.free(dy);
  heap.free(dw);
  return right;
}

describe("sparse rows", () => {
  it("are gathered, and multiplied to the bits of dense ones, at every number of columns", () => {
    for (let columns: u32 = 1; columns < 38; columns++) {
      expect(agrees(6, 23, columns, columns % 2 == 0)).toBe(true);
    }
  });

  it("have the bits of dense ones beyond a block of the sum", () => {
    expect(agrees(9, 255, 20, true)).toBe(true);
    expect(agrees(9, 257, 20, false)).toBe(true);
    expect(agrees(5, 1000, 17, true)).toBe(true);
  });

  it("begin at the place in the order that they are told", () => {
    const source = sparse(4, 7);
    const y = buffer(14), x = dense(0, 4, 7);
    sparseGather(y, source, 0, 1, 2, 7);
    for (let i: u32 = 0; i < 14; i++) expect(at(y, i)).toBe(at(x, 7 + i));
    heap.free(source);
    heap.free(x);
    heap.free(y);
  });

  it("read no weight beyond the last", () => {
    for (let columns: u32 = 1; columns < 6; columns++) {
      const source = sparse(1, 11);
      const w = samplesAtMemoryEnd(11 * columns);
      const y = buffer(columns);
      sparseProduct(y, w, source, 0, 0, 1, columns);
      expect(guarded(y, columns)).toBe(true);
      heap.free(source);
      heap.free(y);
    }
  });
});
