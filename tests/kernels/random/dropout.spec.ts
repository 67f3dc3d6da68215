import { dropout } from "../../../assembly/kernels/random/dropout";
import { randomWords } from "../../../assembly/lanes/random";

const SENTINEL: u32 = 0x7fc0beef;

function fillSentinel(y: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i++) store<u32>(y + (<usize>i << 2), SENTINEL);
}

/** x[i] = i − 7.25: no zeros, so that a zero in y is a dropped element. */
function fillRamp(x: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i++) store<f32>(x + (<usize>i << 2), <f32>i - 7.25);
}

/** Checks y against the words of the stream (seed 5, 6; step 7; node 8; purpose 0) and the definition in f64. */
function expectDropped(y: usize, x: usize, words: usize, n: u32, rate: f32): void {
  const scale = <f32>(1.0 / (1.0 - <f64>rate));
  for (let i: u32 = 0; i < n; i++) {
    const at = <usize>i << 2;
    // word / 2^32 ≥ ⌊rate · 2^32⌋ / 2^32, where both sides are exact in f64.
    const kept = <f64>load<u32>(words + at) >= floor(<f64>rate * 4294967296.0);
    const expected: f32 = kept ? load<f32>(x + at) * scale : 0;
    expect(load<u32>(y + at)).toBe(reinterpret<u32>(expected));
  }
}

describe("dropout", () => {
  it("keeps what the stream of (seed, step, node) says, for every tail, and writes nothing after it", () => {
    const x = heap.alloc(64 << 2), y = heap.alloc(64 << 2), words = heap.alloc(64 << 2);
    fillRamp(x, 64);
    randomWords(words, 64, 5, 6, 0, 7, 8, 0);
    for (let n: u32 = 0; n <= 50; n++) {
      fillSentinel(y, 64);
      dropout(y, x, n, 0.3, 0, 5, 6, 7, 8);
      expectDropped(y, x, words, n, 0.3);
      for (let i = n; i < 64; i++) expect(load<u32>(y + (<usize>i << 2))).toBe(SENTINEL);
    }
    heap.free(x);
    heap.free(y);
    heap.free(words);
  });

  it("may run in place", () => {
    const x = heap.alloc(32 << 2), y = heap.alloc(32 << 2);
    for (let n: u32 = 0; n <= 19; n++) {
      fillRamp(x, 32);
      dropout(y, x, n, 0.5, 0, 1, 2, 3, 4);
      dropout(x, x, n, 0.5, 0, 1, 2, 3, 4);
      for (let i: u32 = 0; i < n; i++) {
        expect(load<u32>(x + (<usize>i << 2))).toBe(load<u32>(y + (<usize>i << 2)));
      }
      expect(load<f32>(x + (<usize>n << 2))).toBe(<f32>n - 7.25);
    }
    heap.free(x);
    heap.free(y);
  });

  it("drops to exactly +0 where x is infinite, NaN or negative, and at the highest rate below 1", () => {
    const x = heap.alloc(256 << 2), y = heap.alloc(256 << 2), words = heap.alloc(256 << 2);
    randomWords(words, 256, 5, 6, 0, 7, 8, 0);
    for (let i: u32 = 0; i < 256; i++) {
      const kind = i % 3;
      store<f32>(x + (<usize>i << 2), kind == 0 ? f32.NaN : kind == 1 ? <f32>-Infinity : -1);
    }
    dropout(y, x, 256, 0.5, 0, 5, 6, 7, 8);
    let dropped = 0;
    for (let i: u32 = 0; i < 256; i++) {
      const result = load<f32>(y + (<usize>i << 2));
      if (load<u32>(words + (<usize>i << 2)) < 0x80000000) {
        expect(reinterpret<u32>(result)).toBe(0);
        dropped++;
      } else if (i % 3 == 0) {
        expect(isNaN(result)).toBe(true);
      } else {
        expect(result).toBe(i % 3 == 1 ? <f32>-Infinity : -2);
      }
    }
    expect(dropped > 90 && dropped < 166).toBe(true); // 128 ± 4.7 standard deviations

    fillRamp(x, 256);
    dropout(y, x, 256, 0.99999994, 0, 5, 6, 7, 8); // the threshold is 2^32 − 256
    expectDropped(y, x, words, 256, 0.99999994);
    heap.free(x);
    heap.free(y);
    heap.free(words);
  });

  it("keeps a word that equals the threshold", () => {
    const n: u32 = 4096;
    const x = heap.alloc(<usize>n << 2), y = heap.alloc(<usize>n << 2), words = heap.alloc(<usize>n << 2);
    fillRamp(x, n);
    randomWords(words, n, 5, 6, 0, 7, 8, 0);
    // About one word in 256 is a rate · 2^32 of some f32 rate.
    let equal = 0;
    for (let i: u32 = 0; i < n && equal < 3; i++) {
      const exact = <f64>load<u32>(words + (<usize>i << 2)) / 4294967296.0;
      if (<f64>(<f32>exact) != exact || exact == 0) continue;
      equal++;
      dropout(y, x, n, <f32>exact, 0, 5, 6, 7, 8);
      expect(load<f32>(y + (<usize>i << 2))).toBe((<f32>i - 7.25) * <f32>(1.0 / (1.0 - exact)));
    }
    expect(equal).toBe(3);
    heap.free(x);
    heap.free(y);
    heap.free(words);
  });

  it("copies at rate 0, bit by bit", () => {
    const x = heap.alloc(16 << 2), y = heap.alloc(16 << 2);
    fillRamp(x, 16);
    store<u32>(x, 0x80000000);
    store<u32>(x, 0x7fc12345, 4);
    fillSentinel(y, 16);
    dropout(y, x, 7, 0, 0, 1, 2, 3, 4);
    for (let i: u32 = 0; i < 16; i++) {
      expect(load<u32>(y + (<usize>i << 2))).toBe(i < 7 ? load<u32>(x + (<usize>i << 2)) : SENTINEL);
    }
    heap.free(x);
    heap.free(y);
  });

  it("keeps 1 − rate of the elements and the mean, to five standard errors", () => {
    const n: u32 = 20000;
    const x = heap.alloc(<usize>n << 2), y = heap.alloc(<usize>n << 2);
    for (let i: u32 = 0; i < n; i++) store<f32>(x + (<usize>i << 2), 1);
    dropout(y, x, n, 0.2, 0, 42, 0, 0, 1);
    let sum: f64 = 0;
    for (let i: u32 = 0; i < n; i++) sum += <f64>load<f32>(y + (<usize>i << 2));
    // One element has mean 1 and variance rate / (1 − rate) = 1/4.
    expect(abs(sum / <f64>n - 1) < 5.0 * sqrt<f64>(0.25 / <f64>n)).toBe(true);
    heap.free(x);
    heap.free(y);
  });

  it("draws another mask for another seed, step or node", () => {
    const x = heap.alloc(64 << 2), y = heap.alloc(64 << 2), z = heap.alloc(64 << 2);
    fillRamp(x, 64);
    dropout(y, x, 64, 0.5, 0, 1, 1, 1, 1);
    dropout(z, x, 64, 0.5, 0, 1, 1, 1, 1);
    expect(memory.compare(y, z, 64 << 2)).toBe(0);
    dropout(z, x, 64, 0.5, 0, 2, 1, 1, 1);
    expect(memory.compare(y, z, 64 << 2)).not.toBe(0);
    dropout(z, x, 64, 0.5, 0, 1, 2, 1, 1);
    expect(memory.compare(y, z, 64 << 2)).not.toBe(0);
    dropout(z, x, 64, 0.5, 0, 1, 1, 2, 1);
    expect(memory.compare(y, z, 64 << 2)).not.toBe(0);
    dropout(z, x, 64, 0.5, 0, 1, 1, 1, 2);
    expect(memory.compare(y, z, 64 << 2)).not.toBe(0);
    heap.free(x);
    heap.free(y);
    heap.free(z);
  });
});
