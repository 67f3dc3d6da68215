import { oneHot, scatterAdd, take } from "../../../assembly/kernels/move/indexing";
import { at, buffer, guarded, near, put, samples, samplesAtMemoryEnd } from "../floats";

/** n indices below length, some of them twice. */
function indices(n: u32, length: u32): usize {
  const index = buffer(n);
  for (let c: u32 = 0; c < n; c++) put(index, c, <f32>((c * 5 + 3) % length));
  return index;
}

/** Whether take copies to the bit and scatterAdd sums what take copied, for [outer, length, inner] and n indices. */
function agrees(outer: u32, n: u32, length: u32, inner: u32): bool {
  const x = samples(outer * length * inner, 1);
  const dy = samples(outer * n * inner, 7);
  const index = indices(n, length);
  const y = buffer(outer * n * inner);
  const dx = buffer(outer * length * inner);
  let right = take(y, x, index, outer, n, length, inner) && guarded(y, outer * n * inner);
  right = right && scatterAdd(dx, dy, index, outer, n, length, inner) && guarded(dx, outer * length * inner);
  for (let o: u32 = 0; o < outer; o++) {
    for (let i: u32 = 0; i < inner; i++) {
      for (let c: u32 = 0; c < n; c++) {
        const place = <u32>at(index, c);
        if (at(y, (o * n + c) * inner + i) != at(x, (o * length + place) * inner + i)) right = false;
      }
      for (let t: u32 = 0; t < length; t++) {
        let total: f64 = 0;
        for (let c: u32 = 0; c < n; c++) {
          if (<u32>at(index, c) == t) total += <f64>at(dy, (o * n + c) * inner + i);
        }
        if (!near(at(dx, (o * length + t) * inner + i), total, 1e-6, 4 * <f64>(n + 1))) right = false;
      }
    }
  }
  heap.free(x);
  heap.free(dy);
  heap.free(index);
  heap.free(y);
  heap.free(dx);
  return right;
}

/** Whether all three refuse `value` as an index of an axis of three and leave their results alone. */
function refused(value: f32): bool {
  const index = buffer(2);
  put(index, 0, 1);
  put(index, 1, value);
  const x = samples(6, 0);
  const y = buffer(0);
  let right = !take(y, x, index, 1, 2, 3, 1);
  right = right && !scatterAdd(y, x, index, 1, 2, 3, 1);
  right = right && !oneHot(y, index, 2, 3);
  right = right && guarded(y, 0);
  heap.free(index);
  heap.free(x);
  heap.free(y);
  return right;
}

describe("take and scatterAdd", () => {
  it("copy and sum rows of every length along the middle axis", () => {
    for (let inner: u32 = 0; inner < 22; inner++) {
      for (let n: u32 = 0; n < 9; n++) expect(agrees(3, n, 4, inner)).toBe(true);
    }
    expect(agrees(1, 500, 37, 1)).toBe(true);
    expect(agrees(2, 3, 1, 129)).toBe(true);
    expect(agrees(0, 3, 2, 5)).toBe(true);
  });

  it("read nothing beyond the last row", () => {
    for (let inner: u32 = 1; inner < 9; inner++) {
      const index = buffer(2);
      put(index, 0, 2);
      put(index, 1, 0);
      const x = samplesAtMemoryEnd(3 * inner);
      const y = buffer(3 * inner);
      expect(take(y, x, index, 1, 2, 3, inner)).toBe(true);
      expect(at(y, 0)).toBe(at(x, 2 * inner));
      expect(scatterAdd(y, x + (inner << 2), index, 1, 2, 3, inner)).toBe(true);
      heap.free(index);
      heap.free(y);
    }
  });

  it("sum in the order of the indices", () => {
    const dy = buffer(3);
    const index = buffer(3);
    const dx = buffer(1);
    put(dy, 0, 16777216);
    put(dy, 1, 1);
    put(dy, 2, -16777216);
    for (let c: u32 = 0; c < 3; c++) put(index, c, 0);
    scatterAdd(dx, dy, index, 1, 3, 1, 1);
    expect(at(dx, 0)).toBe(0);
    heap.free(dy);
    heap.free(index);
    heap.free(dx);
  });
});

describe("an index", () => {
  it("that is no whole number below the length is refused, and nothing is written", () => {
    expect(refused(3)).toBe(true);
    expect(refused(-1)).toBe(true);
    expect(refused(0.5)).toBe(true);
    expect(refused(NaN)).toBe(true);
    expect(refused(Infinity)).toBe(true);
    expect(refused(-Infinity)).toBe(true);
    expect(refused(4294967296)).toBe(true);
    expect(refused(4294967040)).toBe(true);
  });

  it("may be −0", () => {
    const index = buffer(1);
    const y = buffer(3);
    put(index, 0, -0);
    expect(oneHot(y, index, 1, 3)).toBe(true);
    expect(at(y, 0)).toBe(1);
    heap.free(index);
    heap.free(y);
  });
});

describe("oneHot", () => {
  it("is 1 at the index and 0 elsewhere", () => {
    for (let depth: u32 = 1; depth < 19; depth++) {
      const index = indices(7, depth);
      const y = buffer(7 * depth);
      let right = oneHot(y, index, 7, depth) && guarded(y, 7 * depth);
      for (let i: u32 = 0; i < 7 * depth; i++) {
        const hot = <u32>at(index, i / depth) == i % depth;
        if (at(y, i) != (hot ? <f32>1 : <f32>0)) right = false;
      }
      expect(right).toBe(true);
      heap.free(index);
      heap.free(y);
    }
  });
});
