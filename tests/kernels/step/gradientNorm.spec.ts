import { FLOATS } from "../../../assembly/kernels/reduce/chunks";
import * as norms from "../../../assembly/kernels/step/gradientNorm";
import { isOfChunks, lengthsAround } from "../chunks";

const PARTIALS = memory.data(256, 16);

function gradientNorm(gradient: usize, n: u32): f64 {
  return norms.gradientNorm(gradient, n, PARTIALS);
}

/** Fills with size · u, u spread over [−1, 1], and returns the norm summed in f64 in units of size. */
function fillAndSum(gradient: usize, n: u32, size: f32): f64 {
  let sum: f64 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const g = size * (<f32>((i * 7919) % 2003) / 1001 - 1);
    store<f32>(gradient + (<usize>i << 2), g);
    sum += <f64>g * <f64>g;
  }
  return sqrt(sum);
}

function expectNorm(gradient: usize, n: u32, size: f32, tolerance: f64): void {
  const expected = fillAndSum(gradient, n, size);
  expect(abs(gradientNorm(gradient, n) - expected) <= tolerance * expected).toBe(
    true,
    `${n} of size ${size}`,
  );
}

describe("gradientNorm", () => {
  // 64 f32 additions per lane: an error of at most 64 · 2⁻²⁴ of the sum, so half of that of its root.
  it("is the root of the sum of squares to 2e-6 for every tail and several blocks", () => {
    const gradient = heap.alloc(5000 << 2);
    for (let n: u32 = 0; n <= 40; n++) {
      for (let i = n; i < n + 16; i++) store<f32>(gradient + (<usize>i << 2), 1e6); // must not count
      expectNorm(gradient, n, 3, 2e-6);
    }
    for (let n: u32 = 1020; n <= 4100; n += 77) expectNorm(gradient, n, 3, 2e-6);
    heap.free(gradient);
  });

  it("is right where f32 squares overflow or vanish", () => {
    const gradient = heap.alloc(3001 << 2);
    for (let n: u32 = 1; n <= 3001; n += 375) {
      expectNorm(gradient, n, 1e30, 1e-12);
      expectNorm(gradient, n, 3e38, 1e-12);
      expectNorm(gradient, n, 1e-20, 1e-12);
      expectNorm(gradient, n, 1e-30, 1e-12);
      expectNorm(gradient, n, 1e-40, 1e-12);
      // Around the smallest root, 1.08e−19, where only some squares are flushed.
      expectNorm(gradient, n, 1.5e-19, 2e-6);
      expectNorm(gradient, n, 1e-15, 2e-6);
    }
    heap.free(gradient);
  });

  it("is 5 for a 3 and a 4 among zeros, wherever they lie", () => {
    const gradient = heap.alloc(2100 << 2);
    for (let i: u32 = 0; i < 2099; i += 61) {
      memory.fill(gradient, 0, 2100 << 2);
      store<f32>(gradient + (<usize>i << 2), 3);
      store<f32>(gradient + (2099 << 2), -4);
      expect(gradientNorm(gradient, 2100)).toBe(5);
    }
    heap.free(gradient);
  });

  it("is 0 for zeros and for no gradient at all", () => {
    const gradient = heap.alloc(64 << 2);
    memory.fill(gradient, 0, 64 << 2);
    expect(gradientNorm(gradient, 64)).toBe(0);
    expect(gradientNorm(gradient, 0)).toBe(0);
    heap.free(gradient);
  });

  it("is not finite where one element is not, wherever it lies", () => {
    const n: u32 = 1050;
    const gradient = heap.alloc(<usize>n << 2);
    for (let i: u32 = 0; i < n; i++) {
      fillAndSum(gradient, n, 1);
      store<f32>(gradient + (<usize>i << 2), f32.NaN);
      expect(isNaN(gradientNorm(gradient, n))).toBe(true);
      store<f32>(gradient + (<usize>i << 2), <f32>-Infinity);
      expect(gradientNorm(gradient, n)).toBe(Infinity);
    }
    heap.free(gradient);
  });

  it("is right around the ends of chunks, for every tail, size and way of adding", () => {
    const gradient = heap.alloc(140_000 << 2);
    const lengths = lengthsAround(FLOATS);
    for (let i = 0; i < lengths.length; i++) {
      expectNorm(gradient, lengths[i], 3, 2e-6);
      expectNorm(gradient, lengths[i], 1e30, 1e-12);
      expectNorm(gradient, lengths[i], 1e-40, 1e-12);
    }
    for (let tail: u32 = 0; tail < 16; tail++) expectNorm(gradient, 20 * FLOATS + tail, 3, 2e-6);
    heap.free(gradient);
  });

  it("has the bits of its chunks, worked in any order", () => {
    const gradient = heap.alloc(140_000 << 2);
    fillAndSum(gradient, 140_000, 3);
    const lengths = lengthsAround(FLOATS);
    for (let i = 0; i < lengths.length; i++) {
      expect(isOfChunks<norms.Squares>(lengths[i], gradient, gradient, gradient, 0)).toBe(true);
      expect(isOfChunks<norms.WideSquares>(lengths[i], gradient, gradient, gradient, 0)).toBe(true);
    }
    heap.free(gradient);
  });

  it("shows what is not finite in any chunk", () => {
    const n: u32 = 70_000;
    const gradient = heap.alloc(<usize>n << 2);
    fillAndSum(gradient, n, 1);
    for (let i: u32 = 0; i < n; i += 4999) {
      const kept = load<f32>(gradient + (<usize>i << 2));
      store<f32>(gradient + (<usize>i << 2), f32.NaN);
      expect(isNaN(gradientNorm(gradient, n))).toBe(true, `at ${i}`);
      store<f32>(gradient + (<usize>i << 2), kept);
    }
    heap.free(gradient);
  });
});
