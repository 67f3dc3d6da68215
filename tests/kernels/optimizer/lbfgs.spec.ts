import { lbfgs, Sizes } from "../../../assembly/kernels/optimizer/lbfgs";
import { AddedProducts, addAndDot, dot, Products } from "../../../assembly/kernels/optimizer/twoLoop";
import { chunksOf, combine, FLOATS } from "../../../assembly/kernels/reduce/chunks";
import { longSumChunk } from "../../../assembly/kernels/reduce/longSum";
import { isOfChunks, lengthsAround, shuffled } from "../chunks";
import { at, buffer, guarded, put, sample, samples } from "../floats";

const PARTIALS = memory.data(256, 16);

/** f64 numbers of the definition, one tensor of n behind the other. */
function wide(n: u32): usize {
  const x = heap.alloc(<usize>(n + 1) << 3);
  memory.fill(x, 0, <usize>(n + 1) << 3);
  return x;
}

function get(x: usize, i: u32): f64 {
  return load<f64>(x + (<usize>i << 3));
}

function set(x: usize, i: u32, value: f64): void {
  store<f64>(x + (<usize>i << 3), value);
}

function dotWide(a: usize, b: usize, n: u32): f64 {
  let sum: f64 = 0;
  for (let i: u32 = 0; i < n; i++) sum += get(a, i) * get(b, i);
  return sum;
}

/** The convex function Σ c w² / 2 + n · mean(w)² / 2 − Σ w, whose gradient is c w + mean(w) − 1. */
function curvatureAt(i: u32): f64 {
  return 0.5 + <f64>((i * 7) % 5);
}

/** torch.optim.LBFGS(max_iter=1) in f64, line by line: ro, al and H_diag as there. */
class Definition {
  w: usize;
  g: usize;
  d: usize;
  last: usize;
  y: usize;
  s: usize;
  alphas: usize;
  pairs: u32 = 0;
  t: f64 = 0;
  diagonal: f64 = 1;

  constructor(
    public n: u32,
    public history: u32,
  ) {
    this.w = wide(n);
    this.g = wide(n);
    this.d = wide(n);
    this.last = wide(n);
    this.y = wide(n * (history + 1));
    this.s = wide(n * (history + 1));
    this.alphas = wide(history);
  }

  free(): void {
    heap.free(this.w);
    heap.free(this.g);
    heap.free(this.d);
    heap.free(this.last);
    heap.free(this.y);
    heap.free(this.s);
    heap.free(this.alphas);
  }

  pair(x: usize, i: u32): usize {
    return x + (<usize>(i * this.n) << 3);
  }

  step(rate: f64, step: u32): void {
    const n = this.n;
    let norm1: f64 = 0;
    for (let i: u32 = 0; i < n; i++) norm1 += abs(get(this.g, i));
    if (step > 0) {
      const y = this.pair(this.y, this.pairs), s = this.pair(this.s, this.pairs);
      for (let i: u32 = 0; i < n; i++) {
        set(y, i, get(this.g, i) - get(this.last, i));
        set(s, i, get(this.d, i) * this.t);
      }
      const ys = dotWide(y, s, n);
      if (ys > 1e-10) {
        this.diagonal = ys / dotWide(y, y, n);
        if (this.pairs == this.history) {
          memory.copy(this.y, this.pair(this.y, 1), <usize>(this.history * n) << 3);
          memory.copy(this.s, this.pair(this.s, 1), <usize>(this.history * n) << 3);
        } else this.pairs++;
      }
    }
    for (let i: u32 = 0; i < n; i++) set(this.d, i, -get(this.g, i));
    for (let k = <i32>this.pairs - 1; k >= 0; k--) {
      const y = this.pair(this.y, k), s = this.pair(this.s, k);
      const alpha = dotWide(s, this.d, n) / dotWide(y, s, n);
      set(this.alphas, k, alpha);
      for (let i: u32 = 0; i < n; i++) set(this.d, i, get(this.d, i) - alpha * get(y, i));
    }
    for (let i: u32 = 0; i < n; i++) set(this.d, i, get(this.d, i) * this.diagonal);
    for (let k: u32 = 0; k < this.pairs; k++) {
      const y = this.pair(this.y, k), s = this.pair(this.s, k);
      const beta = dotWide(y, this.d, n) / dotWide(y, s, n);
      for (let i: u32 = 0; i < n; i++) {
        set(this.d, i, get(this.d, i) + (get(this.alphas, k) - beta) * get(s, i));
      }
    }
    memory.copy(this.last, this.g, <usize>n << 3);
    this.t = step == 0 ? min(1.0, 1.0 / norm1) * rate : rate;
    if (dotWide(this.g, this.d, n) > -1e-9) return;
    for (let i: u32 = 0; i < n; i++) set(this.w, i, get(this.w, i) + this.t * get(this.d, i));
  }
}

/**
 * Both make the gradient at their own weights, so that they part if one of them errs. A change of the gradient is a
 * difference of near numbers: f32 gradients alone, with all else in f64, part by 3e−6 in five steps and 2e−5 in six.
 */
function check(n: u32, history: u32, steps: u32, scale: f32, decay: f32): void {
  const w = buffer(n), direction = buffer(n), previous = buffer(n), gradient = buffer(n);
  const s = buffer(n * history), y = buffer(n * history);
  const definition = new Definition(n, history);
  for (let i: u32 = 0; i < n; i++) {
    put(w, i, sample(i * 3));
    set(definition.w, i, sample(i * 3));
  }
  for (let step: u32 = 0; step < steps; step++) {
    let sum: f64 = 0, wideSum: f64 = 0;
    for (let i: u32 = 0; i < n; i++) {
      sum += <f64>at(w, i);
      wideSum += get(definition.w, i);
    }
    for (let i: u32 = 0; i < n; i++) {
      put(gradient, i, <f32>(curvatureAt(i) * <f64>at(w, i) + sum / <f64>n - 1));
      const exact = curvatureAt(i) * get(definition.w, i) + wideSum / <f64>n - 1;
      set(definition.g, i, <f64>scale * exact + <f64>decay * get(definition.w, i));
    }
    expect(lbfgs(w, direction, previous, s, y, gradient, n, 0.8, scale, history, decay, step, PARTIALS)).toBe(
      true,
    );
    definition.step(0.8, step);
  }
  for (let i: u32 = 0; i < n; i++) {
    const error = abs(<f64>at(w, i) - get(definition.w, i));
    expect(error < 2e-5).toBe(true, `${n}, history ${history}: ${at(w, i)}, not ${get(definition.w, i)}`);
  }
  expect(guarded(w, n) && guarded(direction, n) && guarded(previous, n)).toBe(true, `wrote behind ${n}`);
  expect(guarded(s, n * history) && guarded(y, n * history)).toBe(true, `wrote behind pairs of ${n}`);
  heap.free(w);
  heap.free(direction);
  heap.free(previous);
  heap.free(gradient);
  heap.free(s);
  heap.free(y);
  definition.free();
}

describe("lbfgs", () => {
  it("follows torch.optim.LBFGS, for every tail and history", () => {
    for (let n: u32 = 0; n <= 40; n++) {
      check(n, 10, 5, 1, 0);
      check(n, 2, 5, 1, 0);
      check(n, 1, 5, 1, 0);
      check(n, 3, 5, 0.5, 0.25);
    }
  });

  it("comes to rest at the minimum, with weights that stay to the bit", () => {
    const n: u32 = 9;
    const w = buffer(n), direction = buffer(n), previous = buffer(n), gradient = buffer(n);
    const s = buffer(n * 5), y = buffer(n * 5), rest = buffer(n);
    for (let i: u32 = 0; i < n; i++) put(w, i, sample(i * 3));
    for (let step: u32 = 0; step < 80; step++) {
      for (let i: u32 = 0; i < n; i++) put(gradient, i, <f32>((<f64>i + 1) * (<f64>at(w, i) - 1)));
      lbfgs(w, direction, previous, s, y, gradient, n, 1, 1, 5, 0, step, PARTIALS);
      if (step == 60) memory.copy(rest, w, <usize>n << 2);
    }
    for (let i: u32 = 0; i < n; i++) {
      expect(abs(at(w, i) - 1) < 3e-5).toBe(true, `${at(w, i)}`);
      expect(at(w, i)).toBe(at(rest, i));
    }
    heap.free(w);
    heap.free(direction);
    heap.free(previous);
    heap.free(gradient);
    heap.free(s);
    heap.free(y);
    heap.free(rest);
  });

  it("leaves the weights where the update would leave the range of f32, and says so", () => {
    const w = buffer(2), direction = buffer(2), previous = buffer(2), gradient = buffer(2);
    const s = buffer(4), y = buffer(4);
    put(w, 0, 1);
    put(w, 1, 2);
    put(gradient, 0, 1e15);
    put(gradient, 1, 1e15);
    expect(lbfgs(w, direction, previous, s, y, gradient, 2, 1e31, 1, 2, 0, 0, PARTIALS)).toBe(false);
    expect(at(w, 0)).toBe(1);
    expect(at(w, 1)).toBe(2);
    expect(lbfgs(w, direction, previous, s, y, gradient, 2, 1, 1, 2, 0, 0, PARTIALS)).toBe(true);
    expect(at(w, 0)).toBe(0.5);
    heap.free(w);
    heap.free(direction);
    heap.free(previous);
    heap.free(gradient);
    heap.free(s);
    heap.free(y);
  });

  it("makes no pair of a change against the step, and goes on by the pairs before", () => {
    const w = buffer(1), direction = buffer(1), previous = buffer(1), gradient = buffer(1);
    const s = buffer(3), y = buffer(3);
    put(w, 0, 0);
    const gradients: f32[] = [2, 1, 3, 3];
    // −g/H with H = 2: w = −1, then y = −1 for s = −1 (H = 1), then y = 2 for s = −1, which is no pair.
    const expected: f32[] = [-1, -2, -5, -8];
    for (let step: u32 = 0; step < 4; step++) {
      put(gradient, 0, unchecked(gradients[step]));
      lbfgs(w, direction, previous, s, y, gradient, 1, 1, 1, 3, 0, step, PARTIALS);
      expect(at(w, 0)).toBe(unchecked(expected[step]));
    }
    heap.free(w);
    heap.free(direction);
    heap.free(previous);
    heap.free(gradient);
    heap.free(s);
    heap.free(y);
  });
});

describe("the long sums of lbfgs", () => {
  it("are right around the ends of chunks, and have the bits of their chunks in any order", () => {
    const a = samples(140_000, 3), b = samples(140_000, 70);
    const lengths = lengthsAround(FLOATS);
    for (let i = 0; i < lengths.length; i++) {
      const n = lengths[i];
      let sum: f64 = 0;
      for (let k: u32 = 0; k < n; k++) sum += <f64>at(a, k) * <f64>at(b, k);
      expect(abs(dot(a, b, n, PARTIALS) - sum) <= 1e-14 * 16 * <f64>n).toBe(true, `${n} products`);
      expect(isOfChunks<Products>(n, a, b, a, 0)).toBe(true, `${n} products`);
      expect(isOfChunks<Sizes>(n, a, a, a, 0)).toBe(true, `${n} sizes`);
    }
    heap.free(a);
    heap.free(b);
  });

  it("are so where the first operand moves on in the same pass", () => {
    const lengths = lengthsAround(FLOATS);
    for (let i = 0; i < lengths.length; i++) {
      const n = lengths[i], chunks = chunksOf(n, FLOATS);
      const y = samples(n, 3), other = samples(n, 3), x = samples(n, 70), z = samples(n, 1);
      const sum = addAndDot(y, x, z, n, 0.3, PARTIALS);
      let expected: f64 = 0;
      for (let k: u32 = 0; k < n; k++) expected += <f64>at(y, k) * <f64>at(z, k);
      expect(abs(sum - expected) <= 1e-14 * 24 * <f64>n).toBe(true, `${n} products`);
      for (let k: u32 = 0; k < chunks; k++) {
        longSumChunk<AddedProducts>(PARTIALS, shuffled(k, chunks), n, other, x, z, 0.3);
      }
      combine(PARTIALS, chunks, 16);
      expect(load<f64>(PARTIALS)).toBe(sum);
      expect(memory.compare(y, other, <usize>n << 2)).toBe(0);
      expect(guarded(y, n)).toBe(true);
      heap.free(y);
      heap.free(other);
      heap.free(x);
      heap.free(z);
    }
  });
});
