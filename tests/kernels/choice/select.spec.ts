import { select } from "../../../assembly/kernels/choice/select";
import { at, buffer, guarded, put, samples, samplesAtMemoryEnd } from "../floats";

/** n conditions: 0, 1, −0, NaN, a subnormal, −3 in turn. */
function conditions(n: u32): usize {
  const x = buffer(n);
  for (let i: u32 = 0; i < n; i++) {
    const kind = i % 6;
    put(x, i, kind == 0 ? 0 : kind == 1 ? 1 : kind == 2 ? -0.0 : kind == 3 ? NaN : kind == 4 ? 1e-45 : -3);
  }
  return x;
}

function expectSelected(n: u32, conditionStride: u32, aStride: u32, bStride: u32): void {
  const condition = conditions(max(n, 1));
  const a = samples(max(n, 1), 3);
  const b = samples(max(n, 1), 400);
  const y = buffer(n);
  select(y, condition, a, b, n, conditionStride, aStride, bStride);
  for (let i: u32 = 0; i < n; i++) {
    const isTrue = conditionStride ? i % 6 != 0 && i % 6 != 2 : false;
    expect(at(y, i)).toBe(isTrue ? at(a, i * aStride) : at(b, i * bStride));
  }
  expect(guarded(y, n)).toBe(true);
  const bytes = <usize>n << 2;
  if (aStride) {
    select(a, condition, a, b, n, conditionStride, aStride, bStride);
    expect(memory.compare(a, y, bytes)).toBe(0);
  } else if (bStride) {
    select(b, condition, a, b, n, conditionStride, aStride, bStride);
    expect(memory.compare(b, y, bytes)).toBe(0);
  } else if (conditionStride) {
    select(condition, condition, a, b, n, conditionStride, aStride, bStride);
    expect(memory.compare(condition, y, bytes)).toBe(0);
  }
  heap.free(condition);
  heap.free(a);
  heap.free(b);
  heap.free(y);
}

describe("select", () => {
  it("takes a where the condition is not 0, NaN and subnormals included, for every tail and stride, in place", () => {
    for (let n: u32 = 0; n < 27; n++) {
      for (let strides: u32 = 0; strides < 8; strides++) {
        expectSelected(n, strides & 1, (strides >> 1) & 1, strides >> 2);
      }
    }
  });

  it("keeps the bits of what it takes and nothing of the other, NaN and Infinity", () => {
    const x = buffer(4);
    store<u32>(x, 0x3f800000);
    store<u32>(x, 0, 4);
    store<u32>(x, 0x7fc12345, 8);
    const y = buffer(1);
    select(y, x, x + 8, x + 4, 1, 0, 0, 0);
    expect(load<u32>(y)).toBe(0x7fc12345);
    select(y, x + 4, x + 8, x, 1, 0, 0, 0);
    expect(load<u32>(y)).toBe(0x3f800000);
    heap.free(x);
    heap.free(y);
  });

  it("reads nothing beyond n", () => {
    for (let n: u32 = 1; n < 7; n++) {
      const x = samplesAtMemoryEnd(n);
      const y = buffer(n);
      select(y, x, x, x, n, 1, 1, 1);
      expect(memory.compare(y, x, n << 2)).toBe(0);
      heap.free(y);
    }
  });
});
