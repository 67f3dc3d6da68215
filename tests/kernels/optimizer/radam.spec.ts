import { radam } from "../../../assembly/kernels/optimizer/radam";
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

/** torch.optim.RAdam (docs.pytorch.org), the betas being the f32 given. */
class Radam extends Subject {
  beta1: f32 = 0.9;
  beta2: f32 = 0.999;
  epsilon: f32 = 1e-3;
  decoupled: bool = false;

  update(step: u32): void {
    radam(
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
    const unbiased = 1.0 - NativeMath.pow(beta2, t);
    const longest = 2.0 / (1.0 - beta2) - 1.0;
    const length = longest - (2.0 * t * NativeMath.pow(beta2, t)) / unbiased;
    let step1 = m / (1.0 - NativeMath.pow(beta1, t));
    if (length > 5.0) {
      const above = (length - 4.0) * (length - 2.0) * longest;
      const below = (longest - 4.0) * (longest - 2.0) * length;
      step1 *= (sqrt(above / below) * sqrt(unbiased)) / (sqrt(v) + <f64>this.epsilon);
    }
    store<f64>(x, w - <f64>this.rate * step1);
    store<f64>(x, m, 8);
    store<f64>(x, v, 16);
  }
}

function variant(scale: f32, decay: f32, decoupled: bool): Radam {
  const one = new Radam();
  one.scale = scale;
  one.decay = decay;
  one.decoupled = decoupled;
  return one;
}

describe("radam", () => {
  it("follows torch.optim.RAdam for every tail, from five steps along the mean to rectified ones", () => {
    expect(followsForEveryTail(variant(1, 0, false))).toBe(true);
    expect(followsForEveryTail(variant(0.5, 0.01, false))).toBe(true);
    expect(followsForEveryTail(variant(0.5, 0.01, true))).toBe(true);
  });

  it("follows it where no step is rectified, beta2 being short", () => {
    const one = variant(1, 0, false);
    one.beta2 = 0.5;
    expect(followsForEveryTail(one)).toBe(true);
    one.beta2 = 0;
    expect(followsForEveryTail(one)).toBe(true);
  });

  it("still follows it after 300 steps", () => {
    expect(follows(variant(1, 0.01, true), 5, 0, 300, 1e-4)).toBe(true);
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
