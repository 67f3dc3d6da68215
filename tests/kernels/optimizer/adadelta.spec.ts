import { adadelta } from "../../../assembly/kernels/optimizer/adadelta";
import { at, put } from "../floats";
import {
  enduresLargeWeights,
  follows,
  followsForEveryTail,
  restsAtRateZero,
  showsNaN,
  Subject,
  unfinished,
  unruly,
} from "../update/optimizer";

/** torch.optim.Adadelta (docs.pytorch.org). */
class Adadelta extends Subject {
  rho: f32 = 0.9;
  epsilon: f32 = 1e-3;

  update(_: u32): void {
    adadelta(
      this.w,
      this.slot0,
      this.slot1,
      this.gradient,
      this.n,
      this.rate,
      this.scale,
      1 - this.rho,
      this.epsilon,
      this.decay,
    );
  }

  define(x: usize, scaled: f64, _: u32): void {
    const w = load<f64>(x), rho: f64 = 1.0 - <f64>(1 - this.rho);
    const g = scaled + <f64>this.decay * w;
    const v = rho * load<f64>(x, 8) + (1.0 - rho) * g * g;
    const d = (sqrt(load<f64>(x, 16) + <f64>this.epsilon) / sqrt(v + <f64>this.epsilon)) * g;
    store<f64>(x, w - <f64>this.rate * d);
    store<f64>(x, v, 8);
    store<f64>(x, rho * load<f64>(x, 16) + (1.0 - rho) * d * d, 16);
  }
}

function variant(scale: f32, decay: f32): Adadelta {
  const one = new Adadelta();
  one.rate = 1;
  one.scale = scale;
  one.decay = decay;
  return one;
}

describe("adadelta", () => {
  it("follows torch.optim.Adadelta for every tail", () => {
    expect(followsForEveryTail(variant(1, 0))).toBe(true);
    expect(followsForEveryTail(variant(0.5, 0))).toBe(true);
    expect(followsForEveryTail(variant(0.5, 0.01))).toBe(true);
  });

  it("still follows it after 300 steps", () => expect(follows(variant(1, 0.01), 5, 0, 300, 1e-4)).toBe(true));

  it("first moves by √(epsilon / ((1 − rho) g² + epsilon)) · g", () => {
    const one = variant(1, 0);
    one.rho = 0.75;
    one.start(1);
    put(one.w, 0, 0);
    put(one.gradient, 0, 2);
    one.update(0);
    const epsilon: f64 = one.epsilon;
    expect(abs(<f64>at(one.w, 0) + 2.0 * sqrt(epsilon / (1.0 + epsilon))) < 1e-7).toBe(true);
    one.end();
  });

  it("ends with slots of exactly 0, never subnormal ones, when the gradient dies", () => {
    expect(unfinished(variant(1, 0), 1500, 2)).toBe(0);
  });

  it("keeps everything finite and no slot subnormal, for gradients and epsilons of any size", () => {
    const one = variant(1, 0);
    expect(unruly(one, 0, 300)).toBe(0);
    one.epsilon = 1e-37;
    expect(unruly(one, 0, 300)).toBe(0);
    expect(unruly(variant(1, 0.1), 0, 300)).toBe(0);
  });

  it("lets changes grow with gradients that grow in every step, up to 2¹⁰⁰ in their mean square", () => {
    const one = variant(1, 0);
    one.epsilon = 1;
    one.start(4);
    let size: f64 = 1;
    for (let step: u32 = 0; step < 890; step++, size *= 1.05) {
      for (let i: u32 = 0; i < 4; i++) put(one.gradient, i, <f32>size);
      one.update(step);
    }
    expect(size > 5e18 && size < 1e19).toBe(true);
    for (let i: u32 = 0; i < 4; i++) {
      expect(isFinite(at(one.w, i))).toBe(true);
      expect(at(one.slot1, i)).toBe(<f32>1.2676506002282294e30);
    }
    one.end();
  });

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
