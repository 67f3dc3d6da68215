import { nadam } from "../../../assembly/kernels/optimizer/nadam";
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
} from "../update/optimizer";

/** torch.optim.NAdam (docs.pytorch.org), the betas being the f32 given. */
class Nadam extends Subject {
  beta1: f32 = 0.9;
  beta2: f32 = 0.999;
  epsilon: f32 = 1e-3;
  momentumBase: f64 = NativeMath.pow(0.96, 0.004);
  decoupled: bool = false;

  update(step: u32): void {
    nadam(
      this.w,
      this.slot0,
      this.slot1,
      this.gradient,
      this.n,
      this.rate,
      this.scale,
      this.beta1,
      this.beta2,
      this.epsilon,
      this.momentumBase,
      this.decay,
      <u32>this.decoupled,
      step,
    );
  }

  momentum(t: f64): f64 {
    return <f64>this.beta1 * (1.0 - 0.5 * NativeMath.pow(this.momentumBase, t));
  }

  define(x: usize, scaled: f64, step: u32): void {
    const t = <f64>step + 1;
    const beta1: f64 = this.beta1, beta2: f64 = this.beta2;
    let w = load<f64>(x), g = scaled;
    if (this.decoupled) w *= 1.0 - <f64>this.rate * <f64>this.decay;
    else g += <f64>this.decay * w;
    const m = beta1 * load<f64>(x, 8) + (1.0 - beta1) * g;
    const v = beta2 * load<f64>(x, 16) + (1.0 - beta2) * g * g;
    let product: f64 = 1;
    for (let i: f64 = 1; i <= t; i++) product *= this.momentum(i);
    const next = this.momentum(t + 1);
    const step1 = ((1.0 - this.momentum(t)) * g) / (1.0 - product);
    const step2 = (next * m) / (1.0 - product * next);
    const root = sqrt(v / (1.0 - NativeMath.pow(beta2, t))) + <f64>this.epsilon;
    store<f64>(x, w - (<f64>this.rate * (step1 + step2)) / root);
    store<f64>(x, m, 8);
    store<f64>(x, v, 16);
  }
}

function variant(scale: f32, decay: f32, decoupled: bool): Nadam {
  const one = new Nadam();
  one.scale = scale;
  one.decay = decay;
  one.decoupled = decoupled;
  return one;
}

describe("nadam", () => {
  it("follows torch.optim.NAdam for every tail", () => {
    expect(followsForEveryTail(variant(1, 0, false))).toBe(true);
    expect(followsForEveryTail(variant(0.5, 0.01, false))).toBe(true);
    expect(followsForEveryTail(variant(0.5, 0.01, true))).toBe(true);
  });

  it("follows it with a momentum that grows at once, and with one that never does", () => {
    const one = variant(0.5, 0, false);
    one.momentumBase = NativeMath.pow(0.96, 10);
    expect(followsForEveryTail(one)).toBe(true);
    one.momentumBase = 1;
    expect(followsForEveryTail(one)).toBe(true);
  });

  it("still follows it after 300 steps", () => {
    expect(follows(variant(1, 0.01, false), 5, 0, 300, 1e-4)).toBe(true);
  });

  it("multiplies momenta on where they hardly fall below 1", () => {
    const one = variant(1, 0, false);
    one.beta1 = 0.9999;
    expect(follows(one, 3, 5000, 2, 1e-5)).toBe(true);
  });

  it("ends with moments of exactly 0, never subnormal ones, when the gradient dies", () => {
    const one = variant(1, 0, false);
    one.beta2 = 0.95;
    expect(unfinished(one, 2000, 2)).toBe(0);
  });

  it("keeps everything finite and no moment subnormal, for gradients and epsilons of any size", () => {
    const one = variant(1, 0, false);
    expect(unruly(one, 0, 300)).toBe(0);
    one.epsilon = 1e-30;
    expect(unruly(one, 0, 300)).toBe(0);
    expect(unruly(one, 999999, 300)).toBe(0);
    expect(unruly(variant(1, 0.1, true), 0, 300)).toBe(0);
    expect(unruly(variant(1, 0.1, false), 0, 300)).toBe(0);
  });

  it("moves after a million steps", () => expect(movesAfterAMillionSteps(variant(1, 0, false))).toBe(true));

  it("keeps its slots finite where coupled decay makes gradients of huge weights", () => {
    expect(enduresLargeWeights(variant(1, 0.1, false))).toBe(true);
  });

  it("moves nothing at a rate of 0", () => {
    expect(restsAtRateZero(variant(1, 0, false))).toBe(true);
    expect(restsAtRateZero(variant(1, 0.1, true))).toBe(true);
    expect(restsAtRateZero(variant(1, 0.1, false))).toBe(true);
  });

  it("lets a NaN gradient show in the weight, and leaves its neighbors alone", () => {
    expect(showsNaN(variant(1, 0, false))).toBe(true);
    expect(showsNaN(variant(1, 0.1, true))).toBe(true);
  });
});
