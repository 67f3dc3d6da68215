import { MOVE_AXES } from "../../../assembly/isa/limits";
import { move } from "../../../assembly/kernels/move/move";
import { at, buffer, guarded, put, samples, samplesAtMemoryEnd } from "../floats";

/** Sizes, strides of y and strides of x of the two innermost axes; the others are of size 1. */
function plane(m: u32, n: u32, yi: u32, yj: u32, xi: u32, xj: u32): usize {
  const axes = heap.alloc(3 * MOVE_AXES * 4);
  memory.fill(axes, 0, 3 * MOVE_AXES * 4);
  for (let axis = 0; axis < MOVE_AXES; axis++) setAxis(axes, axis, 1, 0, 0);
  setAxis(axes, MOVE_AXES - 2, m, yi, xi);
  setAxis(axes, MOVE_AXES - 1, n, yj, xj);
  return axes;
}

function setAxis(axes: usize, axis: i32, size: u32, yStride: u32, xStride: u32): void {
  const place = axes + (<usize>axis << 2);
  store<u32>(place, size);
  store<u32>(place + (MOVE_AXES << 2), yStride);
  store<u32>(place + (MOVE_AXES << 3), xStride);
}

/** Floats from the first to the last that a plane meets. */
function extent(m: u32, n: u32, i: u32, j: u32): u32 {
  return m && n ? (m - 1) * i + (n - 1) * j + 1 : 0;
}

/** The bits with which a buffer is made: what no index meets keeps them. */
const UNTOUCHED: u32 = 0x7fa5a5a5;

/** Whether a plane is moved as its definition says, and nothing else is written. */
function agrees(m: u32, n: u32, yi: u32, yj: u32, xi: u32, xj: u32): bool {
  const length = extent(m, n, yi, yj);
  const x = samples(extent(m, n, xi, xj), m + n), y = buffer(length), expected = buffer(length);
  const axes = plane(m, n, yi, yj, xi, xj);
  move(y, x, axes);
  for (let i: u32 = 0; i < m; i++) {
    for (let j: u32 = 0; j < n; j++) put(expected, i * yi + j * yj, at(x, i * xi + j * xj));
  }
  const same = memory.compare(y, expected, <usize>length << 2) == 0 && guarded(y, length);
  heap.free(x);
  heap.free(y);
  heap.free(expected);
  heap.free(axes);
  return same;
}

/** Sizes with every remainder of a block, less and more than are in work at once, 0 and 1 among them. */
const SIZES = memory.data<u32>([0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 15, 16, 17, 18, 37]);
const SIZE_COUNT = 15;

function sizeAt(i: i32): u32 {
  return load<u32>(SIZES + (<usize>i << 2));
}

describe("move", () => {
  it("copies dense rows, near and far apart, up to where memory.copy takes over", () => {
    for (let n: u32 = 0; n < 70; n++) {
      expect(agrees(3, n, n, 1, n, 1)).toBe(true);
      expect(agrees(3, n, n + 5, 1, n + 2, 1)).toBe(true);
      expect(agrees(3, n, n, 1, 0, 1)).toBe(true);
    }
  });

  it("repeats one element along a row", () => {
    for (let n: u32 = 0; n < 20; n++) {
      expect(agrees(3, n, n + 1, 1, 1, 0)).toBe(true);
      expect(agrees(3, n, n, 1, 0, 0)).toBe(true);
    }
  });

  it("transposes matrices of any size, in wider ones too", () => {
    for (let i = 0; i < SIZE_COUNT; i++) {
      for (let j = 0; j < SIZE_COUNT; j++) {
        const m = sizeAt(i), n = sizeAt(j);
        expect(agrees(m, n, n, 1, 1, m)).toBe(true);
        expect(agrees(m, n, n + 3, 1, 1, m + 1)).toBe(true);
      }
    }
  });

  it("transposes into rows that fall into one set of the cache", () => {
    expect(agrees(18, 7, 512, 1, 1, 19)).toBe(true);
    expect(agrees(21, 5, 1024, 1, 1, 512)).toBe(true);
  });

  it("goes anywhere at any strides", () => {
    expect(agrees(5, 7, 21, 3, 14, 2)).toBe(true);
    expect(agrees(5, 7, 1, 5, 7, 1)).toBe(true);
    expect(agrees(5, 7, 7, 1, 28, 4)).toBe(true);
    expect(agrees(5, 7, 1, 5, 0, 0)).toBe(true);
  });

  it("walks eight axes, in reverse order too", () => {
    const axes = plane(1, 1, 0, 0, 0, 0);
    for (let axis = 0; axis < MOVE_AXES; axis++)
      setAxis(axes, axis, 2, 1 << (MOVE_AXES - 1 - axis), 1 << axis);
    const x = samples(256, 3), y = buffer(256);
    move(y, x, axes);
    for (let i: u32 = 0; i < 256; i++) {
      let reversed: u32 = 0;
      for (let bit = 0; bit < MOVE_AXES; bit++) reversed |= ((i >> bit) & 1) << (MOVE_AXES - 1 - bit);
      expect(at(y, i)).toBe(at(x, reversed));
    }
    expect(guarded(y, 256)).toBe(true);
  });

  it("moves nothing when any axis is empty, and reads nothing", () => {
    const y = buffer(8);
    for (let axis = 0; axis < MOVE_AXES; axis++) {
      const axes = plane(4, 4, 4, 1, 4, 1);
      setAxis(axes, axis, 0, 1, 1);
      move(y, <usize>memory.size() << 16, axes);
    }
    for (let i: u32 = 0; i < 8; i++) expect(load<u32>(y + (<usize>i << 2))).toBe(UNTOUCHED);
  });

  it("reads nothing beyond the last element", () => {
    for (let m: u32 = 1; m < 10; m++) {
      for (let n: u32 = 1; n < 10; n++) {
        const x = samplesAtMemoryEnd(m * n), y = buffer(m * n);
        move(y, x, plane(m, n, n, 1, n, 1));
        move(y, x, plane(m, n, n, 1, 1, m));
        expect(guarded(y, m * n)).toBe(true);
      }
    }
  });

  it("copies every bit pattern, signalling NaN among them", () => {
    const x = buffer(64), y = buffer(64);
    for (let i: u32 = 0; i < 64; i++) store<u32>(x + (<usize>i << 2), 0x7f800000 + i);
    move(y, x, plane(8, 8, 8, 1, 1, 8));
    move(x, y, plane(8, 8, 1, 8, 8, 1));
    for (let i: u32 = 0; i < 64; i++) expect(load<u32>(x + (<usize>i << 2))).toBe(0x7f800000 + i);
  });
});
