import { adam } from "../../assembly/kernels/adam";

const MOST: u32 = 24;
const SENTINEL: u32 = 0x7fc0beef;

function floats(value: f32): usize {
  const x = heap.alloc(<usize>MOST << 2);
  for (let i: u32 = 0; i < MOST; i++) store<f32>(x + (<usize>i << 2), value);
  return x;
}

function setSentinels(x: usize, n: u32): void {
  for (let i = n; i < MOST; i++) store<u32>(x + (<usize>i << 2), SENTINEL);
}

function expectSentinels(x: usize, n: u32): void {
  for (let i = n; i < MOST; i++) expect(load<u32>(x + (<usize>i << 2))).toBe(SENTINEL);
}

/** A gradient that differs in every element and step, with zeros among them. */
function gradientAt(i: u32, step: u32): f32 {
  return <f32>((i * 13 + step * 29) % 11) * 0.3 - 1.2;
}

/** base^exponent, one factor at a time. */
function powerByLoop(base: f64, exponent: u32): f64 {
  let result: f64 = 1;
  for (let i: u32 = 0; i < exponent; i++) result *= base;
  return result;
}

function expectNear(actual: f32, expected: f64, tolerance: f64): void {
  expect(abs(<f64>actual - expected) <= tolerance * max(1.0, abs(expected))).toBe(
    true,
    `${actual}, not ${expected}`,
  );
}

/**
 * Several steps of n parameters against torch.optim.Adam's and AdamW's formulas in f64 (docs.pytorch.org), the betas
 *X */
function check(n: u32, steps: u32, scale: f32, epsilon: f32, decay: f32, decoupled: bool): void {
  const learningRate: f32 = 0.05, beta1: f32 = 0.9, beta2: f32 = 0.999;
  const parameter = floats(0), mean = floats(0), variance = floats(0), gradient = floats(0);
  const wide = heap.alloc(<usize>MOST * 24);
  memory.fill(wide, 0, <usize>MOST * 24);
  for (let i: u32 = 0; i < n; i++) {
    store<f32>(parameter + (<usize>i << 2), <f32>i * 0.25 - 1);
    store<f64>(wide + <usize>i * 24, <f64>i * 0.25 - 1);
  }
  setSentinels(parameter, n);
  setSentinels(mean, n);
  setSentinels(variance, n);
  for (let step: u32 = 0; step < steps; step++) {
    for (let i: u32 = 0; i < n; i++) store<f32>(gradient + (<usize>i << 2), gradientAt(i, step));
    adam(
      parameter,
      mean,
      variance,
      gradient,
      n,
      learningRate,
      scale,
      beta1,
      beta2,
      epsilon,
      decay,
      <u32>decoupled,
      step,
    );
    for (let i: u32 = 0; i < n; i++) {
      const at = wide + <usize>i * 24;
      let w = load<f64>(at);
      if (decoupled) w *= 1.0 - <f64>learningRate * <f64>decay;
      const g = <f64>scale * <f64>gradientAt(i, step) + (decoupled ? 0.0 : <f64>decay * w);
      const m = <f64>beta1 * load<f64>(at, 8) + (1.0 - <f64>beta1) * g;
      const v = <f64>beta2 * load<f64>(at, 16) + (1.0 - <f64>beta2) * g * g;
      const correction1 = 1.0 - powerByLoop(beta1, step + 1),
        correction2 = 1.0 - powerByLoop(beta2, step + 1);
      w -= ((<f64>learningRate / correction1) * m) / (sqrt(v) / sqrt(correction2) + <f64>epsilon);
      store<f64>(at, w);
      store<f64>(at, m, 8);
      store<f64>(at, v, 16);
    }
  }
  for (let i: u32 = 0; i < n; i++) {
    const at = wide + <usize>i * 24;
    expectNear(load<f32>(parameter + (<usize>i << 2)), load<f64>(at), 3e-7 * <f64>steps);
    expectNear(load<f32>(mean + (<usize>i << 2)), load<f64>(at, 8), 1e-6);
    expectNear(load<f32>(variance + (<usize>i << 2)) * 100, load<f64>(at, 16) * 100, 1e-6);
  }
  expectSentinels(parameter, n);
  expectSentinels(mean, n);
  expectSentinels(variance, n);
  heap.free(parameter);
  heap.free(mean);
  heap.free(variance);
  heap.free(gradient);
  heap.free(wide);
}

describe("adam", () => {
  it("follows torch.optim.Adam and AdamW for seven steps, for every tail", () => {
    for (let n: u32 = 0; n <= 20; n++) {
      check(n, 7, 1, 1e-3, 0, false);
      check(n, 7, 0.5, 1e-3, 0.01, false);
      check(n, 7, 0.5, 1e-3, 0.01, true);
    }
  });

  it("still follows them after 300 steps", () => check(5, 300, 1, 1e-3, 0.01, true));

  it("first moves every weight by the learning rate against the sign of its gradient, whatever the size", () => {
    const parameter = floats(0), mean = floats(0), variance = floats(0), gradient = floats(0);
    for (let i: u32 = 0; i < 8; i++) {
      const size: f32 = i < 2 ? 1e-4 : i < 4 ? 1 : i < 6 ? 1e6 : 1e18;
      store<f32>(gradient + (<usize>i << 2), i & 1 ? -size : size);
    }
    adam(parameter, mean, variance, gradient, 8, 0.25, 1, 0.9, 0.999, 1e-12, 0, 0, 0);
    for (let i: u32 = 0; i < 8; i++) {
      expectNear(load<f32>(parameter + (<usize>i << 2)), i & 1 ? 0.25 : -0.25, 1e-6);
    }
    heap.free(parameter);
    heap.free(mean);
    heap.free(variance);
    heap.free(gradient);
  });

  it("ends with moments of exactly 0, never subnormal ones, when the gradient dies", () => {
    const parameter = floats(1), mean = floats(0), variance = floats(0), gradient = floats(1);
    adam(parameter, mean, variance, gradient, 8, 0.001, 1, 0.9, 0.95, 1e-8, 0, 0, 0);
    memory.fill(gradient, 0, 8 << 2);
    let subnormals = 0;
    for (let step: u32 = 1; step <= 2000; step++) {
      adam(parameter, mean, variance, gradient, 8, 0.001, 1, 0.9, 0.95, 1e-8, 0, 0, step);
      const m = load<f32>(mean), v = load<f32>(variance);
      if ((m != 0 && abs(m) < f32.MIN_NORMAL_VALUE) || (v != 0 && abs(v) < f32.MIN_NORMAL_VALUE)) {
        subnormals++;
      }
    }
    expect(subnormals).toBe(0);
    for (let i: u32 = 0; i < 8; i++) {
      expect(load<u32>(mean + (<usize>i << 2))).toBe(0);
      expect(load<u32>(variance + (<usize>i << 2))).toBe(0);
      expect(load<f32>(parameter + (<usize>i << 2)) < 1).toBe(true);
    }
    heap.free(parameter);
    heap.free(mean);
    heap.free(variance);
    heap.free(gradient);
  });

  it("keeps both moments at 0 or normal while the gradient stays tiny, of any size", () => {
    const parameter = floats(1), mean = floats(0), variance = floats(0), gradient = floats(0);
    for (let i: u32 = 0; i < 22; i++) store<f32>(gradient + (<usize>i << 2), <f32>powerByLoop(0.01, i + 1));
    let subnormals = 0;
    for (let step: u32 = 0; step < 200; step++) {
      adam(parameter, mean, variance, gradient, 22, 0.001, 1, 0.9, 0.999, 1e-8, 0, 0, step);
      for (let i: u32 = 0; i < 22; i++) {
        const m = load<f32>(mean + (<usize>i << 2)), v = load<f32>(variance + (<usize>i << 2));
        if ((m != 0 && abs(m) < f32.MIN_NORMAL_VALUE) || (v != 0 && abs(v) < f32.MIN_NORMAL_VALUE)) {
          subnormals++;
        }
      }
    }
    expect(subnormals).toBe(0);
    expect(load<f32>(mean, 12) > 0).toBe(true); // 1e−8 counts
    expect(load<u32>(mean, 17 << 2)).toBe(0); // 1e−36 does not
    heap.free(parameter);
    heap.free(mean);
    heap.free(variance);
    heap.free(gradient);
  });

  it("lets a NaN gradient show in the weight, and leaves its neighbours alone", () => {
    const parameter = floats(1), mean = floats(0), variance = floats(0), gradient = floats(0);
    store<f32>(gradient, f32.NaN, 8);
    adam(parameter, mean, variance, gradient, 6, 0.5, 1, 0.9, 0.999, 1e-8, 0.1, 1, 3);
    for (let i: u32 = 0; i < 6; i++) {
      const w = load<f32>(parameter + (<usize>i << 2));
      if (i == 2) expect(isNaN(w)).toBe(true);
      else expectNear(w, 1.0 - 0.5 * 0.1, 1e-7);
    }
    heap.free(parameter);
    heap.free(mean);
    heap.free(variance);
    heap.free(gradient);
  });
});
