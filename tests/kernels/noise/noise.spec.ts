import { normalNoise, uniformNoise } from "../../../assembly/kernels/noise/noise";
import { randomWords } from "../../../assembly/lanes/random";
import { at, buffer, guarded, ulps } from "../floats";

type Kernel = (
  y: usize,
  n: u32,
  low: f32,
  high: f32,
  firstBlock: u32,
  seedLow: u32,
  seedHigh: u32,
  step: u32,
  node: u32,
) => void;

const TURN: f64 = 6.283185307179586;

/** Box and Muller's number e of the stream (5, 6; step 7; node 8; purpose 4), in f64. */
function normalOf(words: usize, e: u32): f64 {
  const pair = words + (<usize>(e & ~1) << 2);
  const radius = Math.sqrt(-2 * Math.log((<f64>load<u32>(pair) + 0.5) / 4294967296.0));
  const angle = (TURN * <f64>load<u32>(pair, 4)) / 4294967296.0;
  return radius * (e & 1 ? Math.sin(angle) : Math.cos(angle));
}

/** The largest distance between the share of y below a value and what the distribution says (Kolmogorov, Smirnov). */
function distance(y: usize, n: u32, distribution: (x: f64) => f64): f64 {
  // Shares of a grid of 512 values: as near as the sorted numbers, to 1 / 512 of the distribution's steepest rise.
  let worst: f64 = 0;
  for (let step: u32 = 1; step < 512; step++) {
    const x = <f64>step / 64 - 4;
    let below: u32 = 0;
    for (let i: u32 = 0; i < n; i++) if (<f64>at(y, i) <= x) below++;
    worst = max(worst, abs(<f64>below / <f64>n - distribution(x)));
  }
  return worst;
}

/** Φ by the series of Abramowitz and Stegun, 26.2.11. */
function normalDistribution(x: f64): f64 {
  let term = x;
  let sum = x;
  for (let n: f64 = 1; abs(term) > 1e-17; n++) {
    term *= (x * x) / (2 * n + 1);
    sum += term;
  }
  return 0.5 + 0.3989422804014327 * Math.exp((-x * x) / 2) * sum;
}

const uniformDistribution = (x: f64): f64 => min(max((x + 2) / 5, 0), 1);

/** y, its mean and its central moments of the orders 2, 3, 4, in f64. */
function moments(y: usize, n: u32): StaticArray<f64> {
  let mean: f64 = 0;
  for (let i: u32 = 0; i < n; i++) mean += <f64>at(y, i);
  mean /= <f64>n;
  const found: StaticArray<f64> = [mean, 0, 0, 0];
  for (let i: u32 = 0; i < n; i++) {
    const d = <f64>at(y, i) - mean;
    found[1] += (d * d) / <f64>n;
    found[2] += (d * d * d) / <f64>n;
    found[3] += (d * d * d * d) / <f64>n;
  }
  return found;
}

const N: u32 = 100000;

describe("normalNoise", () => {
  it("is what Box and Muller make of the words of its stream, within 0.6 ulp, for every tail", () => {
    const words = buffer(64);
    randomWords(words, 64, 5, 6, 0, 7, 8, 4);
    for (let n: u32 = 0; n <= 50; n++) {
      const y = buffer(n);
      normalNoise(y, n, 0, 1, 0, 5, 6, 7, 8);
      for (let i: u32 = 0; i < n; i++) expect(ulps(at(y, i), normalOf(words, i))).toBeLessThanOrEqual(0.6);
      expect(guarded(y, n)).toBe(true);
      heap.free(y);
    }
    heap.free(words);
  });

  it("is near over a hundred thousand words, scaled and shifted", () => {
    const words = buffer(N);
    randomWords(words, N, 5, 6, 0, 7, 8, 4);
    const y = buffer(N);
    normalNoise(y, N, 0.5, 2, 0, 5, 6, 7, 8);
    let worst: f64 = 0;
    for (let i: u32 = 0; i < N; i++) {
      const expected = 0.5 + 2 * normalOf(words, i);
      worst = max(worst, abs(<f64>at(y, i) - expected) / max(abs(expected), 0.001));
    }
    expect(worst).toBeLessThan(6e-8); // half a unit in the last place is at most 2^-24
    heap.free(words);
    heap.free(y);
  });

  it("has the moments and the distribution of a normal one", () => {
    const y = buffer(N);
    normalNoise(y, N, 0, 1, 0, 3, 0, 1, 2);
    const found = moments(y, N);
    // Five standard errors: √(1, 2, 15, 96 / n) · 5.
    expect(abs(found[0]) < 0.0159).toBe(true);
    expect(abs(found[1] - 1) < 0.0224).toBe(true);
    expect(abs(found[2]) < 0.0613).toBe(true);
    expect(abs(found[3] - 3) < 0.155).toBe(true);
    // Exceeded by chance once in 10^6: √(ln(2 · 10^6) / (2 n)).
    expect(distance(y, N, normalDistribution)).toBeLessThan(0.00852);
    heap.free(y);
  });

  it("has pairs that do not hang together", () => {
    const y = buffer(N);
    normalNoise(y, N, 0, 1, 0, 3, 0, 1, 2);
    for (let lag: u32 = 1; lag <= 4; lag++) {
      let product: f64 = 0;
      let squares: f64 = 0;
      for (let i: u32 = 0; i + lag < N; i++) {
        const a = <f64>at(y, i);
        const b = <f64>at(y, i + lag);
        product += a * b;
        squares += (a * a - 1) * (b * b - 1);
      }
      expect(abs(product / <f64>N) < 0.0159).toBe(true);
      expect(abs(squares / <f64>N) < 0.0317).toBe(true); // of standard deviation 2
    }
    heap.free(y);
  });

  it("of deviation 0 is its mean", () => {
    const y = buffer(9);
    normalNoise(y, 9, 1.25, 0, 0, 3, 0, 1, 2);
    for (let i: u32 = 0; i < 9; i++) expect(at(y, i)).toBe(1.25);
    heap.free(y);
  });
});

describe("uniformNoise", () => {
  it("is low + (word >>> 8) · (high − low) 2^-24 of its stream, for every tail", () => {
    const words = buffer(64);
    randomWords(words, 64, 5, 6, 0, 7, 8, 3);
    for (let n: u32 = 0; n <= 50; n++) {
      const y = buffer(n);
      uniformNoise(y, n, -2, 2, 0, 5, 6, 7, 8);
      // A power of two: nothing is rounded but the sum.
      for (let i: u32 = 0; i < n; i++) {
        const share = <f64>(load<u32>(words + (<usize>i << 2)) >> 8) / 16777216.0;
        expect(at(y, i)).toBe(<f32>(-2 + 4 * share));
      }
      expect(guarded(y, n)).toBe(true);
      heap.free(y);
    }
    heap.free(words);
  });

  it("has the moments and the distribution of a uniform one", () => {
    const y = buffer(N);
    uniformNoise(y, N, -2, 3, 0, 3, 0, 1, 2);
    const found = moments(y, N);
    // Five standard errors of the mean, √(25 / 12 n) · 5, and of the variance, √(0.8 / n) · 25 / 12 · 5.
    expect(abs(found[0] - 0.5) < 0.0229).toBe(true);
    expect(abs(found[1] - 25.0 / 12) < 0.0295).toBe(true);
    expect(distance(y, N, uniformDistribution)).toBeLessThan(0.00852);
    heap.free(y);
  });
});

function expectOwnStreams(kernel: Kernel): void {
  const y = buffer(20);
  kernel(y, 4, 0, 1, 0, 1, 0, 0, 0);
  kernel(y + 16, 4, 0, 1, 0, 2, 0, 0, 0);
  kernel(y + 32, 4, 0, 1, 0, 1, 1, 0, 0);
  kernel(y + 48, 4, 0, 1, 0, 1, 0, 1, 0);
  kernel(y + 64, 4, 0, 1, 0, 1, 0, 0, 1);
  for (let i: u32 = 0; i < 20; i++) {
    for (let j: u32 = 0; j < i; j++) expect(at(y, i)).not.toBe(at(y, j));
  }
  heap.free(y);
}

describe("noise", () => {
  it("differs in seed, step and node", () => {
    expectOwnStreams(uniformNoise);
    expectOwnStreams(normalNoise);
  });
});
