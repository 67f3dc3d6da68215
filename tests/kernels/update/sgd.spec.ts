import { sgd } from "../../../assembly/kernels/update/sgd";

const MOST: u32 = 24;
const STEPS: u32 = 6;
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

/**
 * Six steps of n parameters against torch.optim.SGD's formulas in f64 (docs.pytorch.org, SGD, dampening 0). Each of a
 * step's at most 8 f32 operations on numbers below 16 errs by at most 2⁻²¹, so 1e-5 is ample and far below a mistake.
 */
function check(n: u32, learningRate: f32, scale: f32, momentum: f32, nesterov: bool, decay: f32): void {
  const parameter = floats(0), velocity = floats(0), gradient = floats(0);
  const wide = heap.alloc(<usize>MOST << 4);
  for (let i: u32 = 0; i < n; i++) {
    const w = <f32>i * 0.25 - 1;
    store<f32>(parameter + (<usize>i << 2), w);
    store<f64>(wide + (<usize>i << 4), w);
    store<f64>(wide + (<usize>i << 4), 0, 8);
  }
  setSentinels(parameter, n);
  setSentinels(velocity, n);
  for (let step: u32 = 0; step < STEPS; step++) {
    for (let i: u32 = 0; i < n; i++) store<f32>(gradient + (<usize>i << 2), gradientAt(i, step));
    sgd(
      parameter,
      momentum == 0 ? 0 : velocity,
      gradient,
      n,
      learningRate,
      scale,
      momentum,
      <u32>nesterov,
      decay,
    );
    for (let i: u32 = 0; i < n; i++) {
      const at = wide + (<usize>i << 4);
      const w = load<f64>(at);
      const g = <f64>scale * <f64>gradientAt(i, step) + <f64>decay * w;
      // torch: buf = grad at the first step, momentum · buf + grad after it.
      const v = step == 0 ? g : <f64>momentum * load<f64>(at, 8) + g;
      const d = momentum == 0 ? g : nesterov ? g + <f64>momentum * v : v;
      store<f64>(at, w - <f64>learningRate * d);
      store<f64>(at, v, 8);
    }
  }
  for (let i: u32 = 0; i < n; i++) {
    const at = wide + (<usize>i << 4);
    expect(abs(<f64>load<f32>(parameter + (<usize>i << 2)) - load<f64>(at)) < 1e-5).toBe(true);
    if (momentum != 0) {
      expect(abs(<f64>load<f32>(velocity + (<usize>i << 2)) - load<f64>(at, 8)) < 1e-5).toBe(true);
    }
  }
  expectSentinels(parameter, n);
  expectSentinels(velocity, n);
  heap.free(parameter);
  heap.free(velocity);
  heap.free(gradient);
  heap.free(wide);
}

describe("sgd", () => {
  it("follows torch.optim.SGD for six steps, for every tail", () => {
    for (let n: u32 = 0; n <= 20; n++) {
      check(n, 0.1, 1, 0, false, 0);
      check(n, 0.1, 0.5, 0, false, 0.01);
      check(n, 0.1, 1, 0.9, false, 0);
      check(n, 0.1, 0.25, 0.9, false, 0.01);
      check(n, 0.1, 1, 0.9, true, 0);
      check(n, 0.1, 0.25, 0.5, true, 0.1);
    }
  });

  it("moves by exact numbers where every product is a binary fraction", () => {
    const parameter = floats(1), velocity = floats(0), gradient = floats(0.5);
    // v: 0.5, 0.75, 0.875; d with nesterov: g + v/2 = 0.75, 0.875, 0.9375; w = 1 − Σ d / 4.
    for (let step = 0; step < 3; step++) sgd(parameter, velocity, gradient, 5, 0.25, 1, 0.5, 1, 0);
    for (let i: u32 = 0; i < 5; i++) {
      expect(load<f32>(velocity + (<usize>i << 2))).toBe(0.875);
      expect(load<f32>(parameter + (<usize>i << 2))).toBe(0.359375);
    }
    expect(load<f32>(parameter, 20)).toBe(1);
    heap.free(parameter);
    heap.free(velocity);
    heap.free(gradient);
  });

  it("ends with a velocity of exactly 0, never a subnormal one, when the gradient dies", () => {
    const parameter = floats(1), velocity = floats(0), gradient = floats(1);
    sgd(parameter, velocity, gradient, 8, 0.01, 1, 0.9, 0, 0);
    for (let i: u32 = 0; i < 8; i++) store<f32>(gradient + (<usize>i << 2), 0);
    let subnormals = 0;
    for (let step = 0; step < 1000; step++) {
      sgd(parameter, velocity, gradient, 8, 0.01, 1, 0.9, 0, 0);
      const v = load<f32>(velocity);
      if (v != 0 && abs(v) < f32.MIN_NORMAL_VALUE) subnormals++;
    }
    expect(subnormals).toBe(0);
    for (let i: u32 = 0; i < 8; i++) expect(load<u32>(velocity + (<usize>i << 2))).toBe(0);
    heap.free(parameter);
    heap.free(velocity);
    heap.free(gradient);
  });

  it("takes subnormal gradients, and decayed weights beyond 1e-26, for zero", () => {
    const parameter = floats(1e-27), velocity = floats(0), gradient = floats(1e-40);
    for (let step = 0; step < 5; step++) sgd(parameter, velocity, gradient, 6, 1, 1, 0.9, 1, 1e-4);
    for (let i: u32 = 0; i < 6; i++) {
      expect(load<f32>(parameter + (<usize>i << 2))).toBe(1e-27);
      expect(load<u32>(velocity + (<usize>i << 2))).toBe(0);
    }
    heap.free(parameter);
    heap.free(velocity);
    heap.free(gradient);
  });

  it("lets NaN and infinite gradients show in the weights", () => {
    const parameter = floats(1), velocity = floats(0), gradient = floats(0);
    store<f32>(gradient, f32.NaN);
    store<f32>(gradient, <f32>Infinity, 4);
    sgd(parameter, velocity, gradient, 3, 0.5, 1, 0.9, 0, 0.1);
    expect(isNaN(load<f32>(parameter))).toBe(true);
    expect(load<f32>(parameter, 4)).toBe(<f32>-Infinity);
    expect(load<f32>(parameter, 8)).toBe(<f32>1 - <f32>0.5 * <f32>0.1);
    heap.free(parameter);
    heap.free(velocity);
    heap.free(gradient);
  });
});
