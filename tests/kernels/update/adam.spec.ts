import { adam } from "../../../assembly/kernels/update/adam";
import { at, put } from "../floats";
import {
  enduresLargeWeights,
  follows,
  followsForEveryTail,
  movesAfterAMillionSteps,
  restsAtRateZero,
  showsNaN,
  Subject,
  unfinished,
  unruly,
} from "./optimizer";

/** torch.optim.Adam, AdamW and their amsgrad (docs.pytorch.org), the betas being the f32 given. */
class Adam extends Subject {
  beta1: f32 = 0.9;
  beta2: f32 = 0.999;
  epsilon: f32 = 1e-3;
  decoupled: bool = false;
  isLargest: bool = false;

  update(step: u32): void {
    adam(
      this.w,
      this.slot0,
      this.slot1,
      this.isLargest ? this.slot2 : 0,
      this.gradient,
      this.n,
      this.rate,
      this.scale,
      this.beta1,
      this.beta2,
      this.epsilon,
      this.decay,
      <u32>this.decoupled,
      step,
    );
  }

  define(x: usize, scaled: f64, step: u32): void {
    const t = <f64>step + 1;
    const beta1: f64 = this.beta1, beta2: f64 = this.beta2;
    let w = load<f64>(x), g = scaled;
    if (this.decoupled) w *= 1.0 - <f64>this.rate * <f64>this.decay;
    else g += <f64>this.decay * w;
    const m = beta1 * load<f64>(x, 8) + (1.0 - beta1) * g;
    const v = beta2 * load<f64>(x, 16) + (1.0 - beta2) * g * g;
    const u = this.isLargest ? max(load<f64>(x, 24), v) : v;
    const root = sqrt(u) / sqrt(1.0 - NativeMath.pow(beta2, t)) + <f64>this.epsilon;
    store<f64>(x, w - ((<f64>this.rate / (1.0 - NativeMath.pow(beta1, t))) * m) / root);
    store<f64>(x, m, 8);
    store<f64>(x, v, 16);
    store<f64>(x, u, 24);
  }
}

function variant(scale: f32, decay: f32, decoupled: bool, isLargest: bool): Adam {
  const one = new Adam();
  one.scale = scale;
  one.decay = decay;
  one.decoupled = decoupled;
  one.isLargest = isLargest;
  return one;
}

describe("adam", () => {
  it("follows torch.optim.Adam for every tail", () => {
    expect(followsForEveryTail(variant(1, 0, false, false))).toBe(true);
    expect(followsForEveryTail(variant(0.5, 0.01, false, false))).toBe(true);
  });

  it("follows torch.optim.AdamW for every tail", () => {
    expect(followsForEveryTail(variant(0.5, 0.01, true, false))).toBe(true);
  });

  it("follows AMSGrad for every tail, with either decay", () => {
    expect(followsForEveryTail(variant(0.5, 0, false, true))).toBe(true);
    expect(followsForEveryTail(variant(1, 0.01, false, true))).toBe(true);
    expect(followsForEveryTail(variant(0.5, 0.01, true, true))).toBe(true);
  });

  it("still follows them after 300 steps", () => {
    expect(follows(variant(1, 0.01, true, false), 5, 0, 300, 1e-4)).toBe(true);
    expect(follows(variant(1, 0.01, false, true), 5, 0, 300, 1e-4)).toBe(true);
  });

  it("first moves every weight by the learning rate against the sign of its gradient, whatever the size", () => {
    const one = new Adam();
    one.rate = 0.25;
    one.epsilon = 1e-12;
    one.start(8);
    for (let i: u32 = 0; i < 8; i++) {
      const size: f32 = i < 2 ? 1e-4 : i < 4 ? 1 : i < 6 ? 1e6 : 1e18;
      put(one.w, i, 0);
      put(one.gradient, i, i & 1 ? -size : size);
    }
    one.update(0);
    for (let i: u32 = 0; i < 8; i++) expect(abs(abs(at(one.w, i)) - 0.25) < 1e-6).toBe(true);
    for (let i: u32 = 0; i < 8; i++) expect(at(one.w, i) > 0).toBe((i & 1) == 1);
    one.end();
  });

  it("takes a decoupled decay of 1e-6 from the weights, on the mean of many, although 1 less that is rounded", () => {
    const one = variant(1, 1e-3, true, false);
    one.rate = 1e-3;
    one.start(256);
    let before: f64 = 0, after: f64 = 0;
    for (let i: u32 = 0; i < 256; i++) {
      put(one.w, i, 1 + <f32>((i * 97) % 256) / 256);
      put(one.gradient, i, 0);
      before += at(one.w, i);
    }
    for (let step: u32 = 0; step < 2000; step++) one.update(step);
    for (let i: u32 = 0; i < 256; i++) after += at(one.w, i);
    const lost = 1.0 - after / before, expected = 1.0 - NativeMath.pow(1.0 - 1e-6, 2000);
    // 1 − 1e-6 as a float would lose 1.3 % too much.
    expect(abs(lost / expected - 1.0) < 4e-3).toBe(true, `${lost}, not ${expected}`);
    one.end();
  });

  it("divides by the largest variance, however small the later ones are, with a largest", () => {
    const one = variant(1, 0, false, true);
    one.start(4);
    for (let i: u32 = 0; i < 4; i++) put(one.gradient, i, 100);
    one.update(0);
    const most = at(one.slot2, 0);
    for (let i: u32 = 0; i < 4; i++) put(one.gradient, i, 0);
    for (let step: u32 = 1; step < 50; step++) one.update(step);
    expect(at(one.slot2, 0)).toBe(most);
    expect(at(one.slot1, 0) < most).toBe(true);
    one.end();
  });

  it("ends with moments of exactly 0, never subnormal ones, when the gradient dies", () => {
    const one = new Adam();
    one.beta2 = 0.95;
    expect(unfinished(one, 2000, 2)).toBe(0);
  });

  it("keeps everything finite and no moment subnormal, for gradients and epsilons of any size", () => {
    const one = new Adam();
    expect(unruly(one, 0, 300)).toBe(0);
    one.epsilon = 1e-30;
    expect(unruly(one, 0, 300)).toBe(0);
    expect(unruly(one, 999999, 300)).toBe(0);
    expect(unruly(variant(1, 0.1, true, true), 0, 300)).toBe(0);
    expect(unruly(variant(1, 0.1, false, true), 0, 300)).toBe(0);
    expect(unruly(variant(1, 0.1, false, false), 0, 300)).toBe(0);
  });

  it("moves no weight far by gradients too small for v, however small epsilon is", () => {
    const one = new Adam();
    one.epsilon = 1e-30;
    one.start(4);
    for (let i: u32 = 0; i < 4; i++) put(one.w, i, 0);
    for (let i: u32 = 0; i < 4; i++) put(one.gradient, i, 1e-18);
    for (let step: u32 = 0; step < 100; step++) one.update(step);
    expect(at(one.slot1, 0)).toBe(0);
    for (let i: u32 = 0; i < 4; i++) expect(abs(at(one.w, i)) < 100 * one.rate).toBe(true);
    one.end();
  });

  it("counts a gradient of 1e-8, and not one of 1e-36", () => {
    const one = new Adam();
    one.start(8);
    for (let i: u32 = 0; i < 8; i++) put(one.gradient, i, i < 4 ? 1e-8 : 1e-36);
    one.update(0);
    expect(at(one.slot0, 3) > 0).toBe(true);
    expect(at(one.slot0, 4)).toBe(0);
    one.end();
  });

  it("moves after a million steps", () => expect(movesAfterAMillionSteps(new Adam())).toBe(true));

  it("keeps its slots finite where coupled decay makes gradients of huge weights", () => {
    expect(enduresLargeWeights(variant(1, 0.1, false, false))).toBe(true);
    expect(enduresLargeWeights(variant(1, 0.1, false, true))).toBe(true);
  });

  it("moves nothing at a rate of 0", () => {
    expect(restsAtRateZero(new Adam())).toBe(true);
    expect(restsAtRateZero(variant(1, 0.1, true, false))).toBe(true);
    expect(restsAtRateZero(variant(1, 0.1, false, true))).toBe(true);
    expect(restsAtRateZero(variant(1, 0.1, true, true))).toBe(true);
  });

  it("lets a NaN gradient show in the weight, and leaves its neighbors alone", () => {
    expect(showsNaN(new Adam())).toBe(true);
    expect(showsNaN(variant(1, 0.1, true, true))).toBe(true);
    expect(showsNaN(variant(1, 0.1, false, false))).toBe(true);
  });
});
