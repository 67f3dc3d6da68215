import { adamax } from "../../../assembly/kernels/optimizer/adamax";
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
} from "../update/optimizer";

/** torch.optim.Adamax (docs.pytorch.org), the betas being the f32 given. */
class Adamax extends Subject {
  beta1: f32 = 0.9;
  beta2: f32 = 0.999;
  epsilon: f32 = 1e-3;

  update(step: u32): void {
    adamax(
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
      step,
    );
  }

  define(x: usize, scaled: f64, step: u32): void {
    const w = load<f64>(x), beta1: f64 = this.beta1;
    const g = scaled + <f64>this.decay * w;
    const m = beta1 * load<f64>(x, 8) + (1.0 - beta1) * g;
    const u = max(<f64>this.beta2 * load<f64>(x, 16), abs(g) + <f64>this.epsilon);
    store<f64>(x, w - ((<f64>this.rate / (1.0 - NativeMath.pow(beta1, <f64>step + 1))) * m) / u);
    store<f64>(x, m, 8);
    store<f64>(x, u, 16);
  }
}

function variant(scale: f32, decay: f32): Adamax {
  const one = new Adamax();
  one.scale = scale;
  one.decay = decay;
  return one;
}

describe("adamax", () => {
  it("follows torch.optim.Adamax for every tail", () => {
    expect(followsForEveryTail(variant(1, 0))).toBe(true);
    expect(followsForEveryTail(variant(0.5, 0))).toBe(true);
    expect(followsForEveryTail(variant(0.5, 0.01))).toBe(true);
  });

  it("still follows it after 300 steps", () => expect(follows(variant(1, 0.01), 5, 0, 300, 1e-4)).toBe(true));

  it("first moves every weight by the learning rate against the sign of its gradient, whatever the size", () => {
    const one = variant(1, 0);
    one.rate = 0.25;
    one.epsilon = 1e-12;
    one.start(8);
    for (let i: u32 = 0; i < 8; i++) {
      const size: f32 = i < 2 ? 1e-4 : i < 4 ? 1 : i < 6 ? 1e6 : 1e18;
      put(one.w, i, 0);
      put(one.gradient, i, i & 1 ? -size : size);
    }
    one.update(0);
    for (let i: u32 = 0; i < 8; i++)
      expect(abs(at(one.w, i) - <f32>(i & 1 ? 0.25 : -0.25)) < 1e-6).toBe(true);
    one.end();
  });

  it("ends with a mean of exactly 0, never a subnormal one, when the gradient dies", () => {
    expect(unfinished(variant(1, 0), 1500, 1)).toBe(0);
  });

  it("keeps everything finite and no slot subnormal, for gradients and epsilons of any size", () => {
    const one = variant(1, 0);
    expect(unruly(one, 0, 300)).toBe(0);
    one.epsilon = 1e-30;
    one.beta2 = 0;
    expect(unruly(one, 0, 300)).toBe(0);
    expect(unruly(one, 999999, 300)).toBe(0);
    expect(unruly(variant(1, 0.1), 0, 300)).toBe(0);
  });

  it("moves after a million steps", () => expect(movesAfterAMillionSteps(variant(1, 0))).toBe(true));

  it("keeps its slots finite where coupled decay makes gradients of huge weights", () => {
    expect(enduresLargeWeights(variant(1, 0.1))).toBe(true);
  });

  it("moves nothing at a rate of 0", () => {
    expect(restsAtRateZero(variant(1, 0))).toBe(true);
    expect(restsAtRateZero(variant(1, 0.1))).toBe(true);
  });

  it("lets a NaN gradient show in the weight, and leaves its neighbors alone", () => {
    expect(showsNaN(variant(1, 0))).toBe(true);
    expect(showsNaN(variant(1, 0.1))).toBe(true);
  });
});
