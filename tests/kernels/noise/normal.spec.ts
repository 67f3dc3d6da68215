import { normal } from "../../../assembly/kernels/noise/normal";
import { randomWords } from "../../../assembly/lanes/random";
import { at, buffer, guarded, ulps } from "../floats";

const N: u32 = 100000;
const TURN: f64 = 6.283185307179586;

/** Box and Muller's number e of the words, in f64. */
function normalOf(words: usize, e: u32): f64 {
  const pair = words + (<usize>(e & ~1) << 2);
  const radius = Math.sqrt(-2 * Math.log((<f64>load<u32>(pair) + 0.5) / 4294967296.0));
  const angle = (TURN * <f64>load<u32>(pair, 4)) / 4294967296.0;
  return radius * (e & 1 ? Math.sin(angle) : Math.cos(angle));
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

/** The largest distance between the share of y below a value and what a normal distribution, cut at ±2, says. */
function distanceFromTruncated(y: usize, n: u32): f64 {
  const low = normalDistribution(-2);
  let worst: f64 = 0;
  for (let step = -255; step < 256; step++) {
    const x = <f64>step / 128;
    let below: u32 = 0;
    for (let i: u32 = 0; i < n; i++) if (<f64>at(y, i) <= x) below++;
    worst = max(worst, abs(<f64>below / <f64>n - (normalDistribution(x) - low) / (1 - 2 * low)));
  }
  return worst;
}

describe("normal", () => {
  it("is what Box and Muller make of the words of its stream, for every tail, and writes nothing after it", () => {
    const words = buffer(64);
    randomWords(words, 64, 5, 6, 0, 0, 8, 5);
    for (let n: u32 = 0; n <= 50; n++) {
      const y = buffer(n);
      normal(y, n, 0, 1, 0, 5, 6, 8);
      for (let i: u32 = 0; i < n; i++) expect(ulps(at(y, i), normalOf(words, i))).toBeLessThanOrEqual(0.6);
      expect(guarded(y, n)).toBe(true);
      heap.free(y);
    }
    heap.free(words);
  });

  it("is scaled and shifted", () => {
    const z = buffer(40);
    const y = buffer(40);
    normal(z, 40, 0, 1, 0, 5, 6, 8);
    normal(y, 40, 0.5, 3, 0, 5, 6, 8);
    for (let i: u32 = 0; i < 40; i++) expect(at(y, i)).toBe(at(z, i) * 3 + 0.5);
    heap.free(z);
    heap.free(y);
  });

  it("within a limit takes the first attempt that is, each at its place", () => {
    // The fourth word of the counter is the purpose, the second the attempt.
    const drawn = buffer(8 * 1024);
    for (let attempt: u32 = 0; attempt < 8; attempt++) {
      randomWords(drawn + (<usize>(attempt * 1024) << 2), 1024, 5, 6, 0, attempt, 8, 5);
    }
    const y = buffer(1001);
    normal(y, 1001, 0, 1, 1.5, 5, 6, 8);
    let again = 0;
    for (let i: u32 = 0; i < 1001; i++) {
      let attempt: u32 = 0;
      while (abs(normalOf(drawn + (<usize>(attempt * 1024) << 2), i)) > 1.5) attempt++;
      if (attempt > 1) again++;
      expect(ulps(at(y, i), normalOf(drawn + (<usize>(attempt * 1024) << 2), i))).toBeLessThanOrEqual(0.6);
    }
    expect(again).toBeGreaterThan(5);
    expect(guarded(y, 1001)).toBe(true);
    heap.free(drawn);
    heap.free(y);
  });

  it("within two deviations has the truncated distribution, its variance and no number beyond", () => {
    const y = buffer(N);
    normal(y, N, 0, 1, 2, 3, 0, 1);
    let sum: f64 = 0;
    let squares: f64 = 0;
    let largest: f64 = 0;
    for (let i: u32 = 0; i < N; i++) {
      const value = <f64>at(y, i);
      largest = max(largest, abs(value));
      sum += value;
      squares += value * value;
    }
    expect(largest).toBeLessThanOrEqual(2);
    expect(largest).toBeGreaterThan(1.99);
    // 1 − 2 · 2 φ(2) / (Φ(2) − Φ(−2)) = 0.77374: five standard errors around it.
    expect(abs(sum / <f64>N) < 0.0139).toBe(true);
    expect(abs(squares / <f64>N - 0.7737413) < 0.0135).toBe(true);
    // 1.95 / √n is what Kolmogorov's statistic exceeds once in a thousand.
    expect(distanceFromTruncated(y, N)).toBeLessThan(0.0062);
    heap.free(y);
  });

  it("of an impossible limit comes to an end", () => {
    const y = buffer(5);
    normal(y, 5, 0, 1, 1e-30, 5, 6, 8);
    expect(guarded(y, 5)).toBe(true);
    heap.free(y);
  });

  it("gives other numbers to other nodes and other seeds", () => {
    const y = buffer(16);
    normal(y, 4, 0, 1, 0, 1, 0, 0);
    normal(y + 16, 4, 0, 1, 0, 1, 0, 1);
    normal(y + 32, 4, 0, 1, 0, 2, 0, 0);
    for (let i: u32 = 0; i < 4; i++) {
      expect(at(y, i)).not.toBe(at(y, i + 4));
      expect(at(y, i)).not.toBe(at(y, i + 8));
    }
    heap.free(y);
  });
});
