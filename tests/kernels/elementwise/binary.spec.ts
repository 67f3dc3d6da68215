import { greater, greaterEqual, minimum, notEqual } from "../../../assembly/kernels/choice/comparison";
import {
  add,
  divide,
  equal,
  maximum,
  multiply,
  subtract,
} from "../../../assembly/kernels/elementwise/binary";
import { at, buffer, guarded, put, samples, samplesAtMemoryEnd, ulps } from "../floats";

// prettier-ignore
type Kernel = (y: usize, a: usize, b: usize, outer: u32, inner: u32, aOuter: u32, aInner: u32, bOuter: u32, bInner: u32) => void;
type Formula = (a: f64, b: f64) => f64;

/** How an operand lies: as y, as one row, as one column, as a scalar, as y with two floats between the rows. */
enum Shape {
  Whole,
  Row,
  Column,
  Scalar,
  Apart,
}

const SHAPES: u32 = 5;

function outerStride(shape: u32, inner: u32): u32 {
  if (shape == Shape.Whole) return inner;
  if (shape == Shape.Column) return 1;
  return shape == Shape.Apart ? inner + 2 : 0;
}

function innerStride(shape: u32): u32 {
  return shape == Shape.Column || shape == Shape.Scalar ? 0 : 1;
}

/** Floats from an operand's first to its last, as tight as can be: reading further shows as a NaN. */
function extent(outer: u32, inner: u32, outerStride: u32, innerStride: u32): u32 {
  return outer && inner ? (outer - 1) * outerStride + (inner - 1) * innerStride + 1 : 0;
}

/** Greatest error in ulp for operands of the given shapes; Infinity if anything outside y was written. */
function errorOf(kernel: Kernel, formula: Formula, outer: u32, inner: u32, aShape: u32, bShape: u32): f64 {
  const aOuter = outerStride(aShape, inner);
  const aInner = innerStride(aShape);
  const bOuter = outerStride(bShape, inner);
  const bInner = innerStride(bShape);
  const aCount = extent(outer, inner, aOuter, aInner);
  const bCount = extent(outer, inner, bOuter, bInner);
  const a = samples(aCount, 0);
  const b = samples(bCount, 700);
  const y = buffer(outer * inner);
  kernel(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
  let worst: f64 = guarded(y, outer * inner) && guarded(a, aCount) && guarded(b, bCount) ? 0 : Infinity;
  for (let o: u32 = 0; o < outer; o++) {
    for (let i: u32 = 0; i < inner; i++) {
      const left = <f64>at(a, o * aOuter + i * aInner);
      const right = <f64>at(b, o * bOuter + i * bInner);
      worst = max(worst, ulps(at(y, o * inner + i), formula(left, right)));
    }
  }
  const bytes = (outer * inner) << 2;
  if (bShape == Shape.Whole) {
    kernel(b, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
    if (memory.compare(b, y, bytes) || !guarded(b, bCount)) worst = Infinity;
  } else if (aShape == Shape.Whole) {
    kernel(a, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
    if (memory.compare(a, y, bytes) || !guarded(a, aCount)) worst = Infinity;
  }
  heap.free(a);
  heap.free(b);
  heap.free(y);
  return worst;
}

/** errorOf over all pairs of shapes and all small sizes. */
function worstOf(kernel: Kernel, formula: Formula): f64 {
  let worst: f64 = 0;
  for (let aShape: u32 = 0; aShape < SHAPES; aShape++) {
    for (let bShape: u32 = 0; bShape < SHAPES; bShape++) {
      for (let outer: u32 = 0; outer < 6; outer++) {
        for (let inner: u32 = 0; inner < 18; inner++) {
          worst = max(worst, errorOf(kernel, formula, outer, inner, aShape, bShape));
        }
      }
      worst = max(worst, errorOf(kernel, formula, 23, 1, aShape, bShape));
      worst = max(worst, errorOf(kernel, formula, 1, 37, aShape, bShape));
    }
  }
  return worst;
}

/** kernel(a, b) of two numbers. */
function one(kernel: Kernel, a: f32, b: f32): f32 {
  const left = buffer(1);
  const right = buffer(1);
  put(left, 0, a);
  put(right, 0, b);
  kernel(left, left, right, 1, 1, 1, 1, 1, 1);
  const y = at(left, 0);
  heap.free(left);
  heap.free(right);
  return y;
}

describe("binary kernels", () => {
  it("are correctly rounded for every broadcast of either operand, for every tail, and in place", () => {
    expect(worstOf(add, (a, b) => a + b)).toBeLessThanOrEqual(0.5);
    expect(worstOf(subtract, (a, b) => a - b)).toBeLessThanOrEqual(0.5);
    expect(worstOf(multiply, (a, b) => a * b)).toBeLessThanOrEqual(0.5);
    expect(worstOf(divide, (a, b) => a / b)).toBeLessThanOrEqual(0.5);
    expect(worstOf(minimum, (a, b) => (a < b ? a : b))).toBe(0);
    expect(worstOf(maximum, (a, b) => (a > b ? a : b))).toBe(0);
    expect(worstOf(equal, (a, b) => (a == b ? 1 : 0))).toBe(0);
    expect(worstOf(notEqual, (a, b) => (a != b ? 1 : 0))).toBe(0);
    expect(worstOf(greater, (a, b) => (a > b ? 1 : 0))).toBe(0);
    expect(worstOf(greaterEqual, (a, b) => (a >= b ? 1 : 0))).toBe(0);
  });

  it("read nothing beyond the last row of an operand that is broadcast or lies apart", () => {
    for (let inner: u32 = 1; inner < 7; inner++) {
      const x = samplesAtMemoryEnd(2 * inner + 1);
      const row = x + ((inner + 1) << 2);
      const y = buffer(2 * inner);
      add(y, x, row, 2, inner, inner + 1, 1, 0, 1);
      add(y, row, x, 2, inner, 0, 1, inner + 1, 1);
      expect(guarded(y, 2 * inner)).toBe(true);
      heap.free(y);
    }
  });

  it("keep the order of operands", () => {
    expect(one(subtract, 5, 3)).toBe(2);
    expect(one(divide, 6, 3)).toBe(2);
  });

  it("equal finds equals", () => {
    expect(one(equal, 0, -0.0)).toBe(1);
    expect(one(equal, 7, 7)).toBe(1);
    expect(one(equal, Infinity, Infinity)).toBe(1);
    expect(one(equal, NaN, NaN)).toBe(0);
  });

  it("comparisons hold of nothing that is NaN, but that it differs", () => {
    expect(one(notEqual, NaN, NaN)).toBe(1);
    expect(one(notEqual, 0, -0.0)).toBe(0);
    expect(one(greater, NaN, 1)).toBe(0);
    expect(one(greater, 1, NaN)).toBe(0);
    expect(one(greater, Infinity, 3e38)).toBe(1);
    expect(one(greaterEqual, NaN, NaN)).toBe(0);
    expect(one(greaterEqual, -0.0, 0)).toBe(1);
    expect(one(greaterEqual, -Infinity, -Infinity)).toBe(1);
  });

  it("minimum and maximum are NaN if either operand is", () => {
    expect(isNaN(one(minimum, NaN, 1))).toBe(true);
    expect(isNaN(one(minimum, 1, NaN))).toBe(true);
    expect(isNaN(one(maximum, NaN, 1))).toBe(true);
    expect(isNaN(one(maximum, 1, NaN))).toBe(true);
    expect(one(minimum, -Infinity, 1)).toBe(-Infinity);
    expect(one(maximum, -Infinity, 1)).toBe(1);
  });

  it("overflow and divide by zero as IEEE 754 says", () => {
    expect(one(add, 3e38, 3e38)).toBe(Infinity);
    expect(one(multiply, -1e30, 1e30)).toBe(-Infinity);
    expect(one(divide, 1, 0)).toBe(Infinity);
    expect(isNaN(one(subtract, Infinity, Infinity))).toBe(true);
  });
});
