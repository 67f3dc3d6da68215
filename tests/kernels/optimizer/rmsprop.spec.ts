import { rmsprop } from "../../../assembly/kernels/optimizer/rmsprop";
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

/** torch.optim.RMSprop (docs.pytorch.org). */
class Rmsprop extends Subject {
  rho: f32 = 0.9;
  epsilon: f32 = 1e-3;
  momentum: f32 = 0;
  isCentered: bool = false;

  update(_: u32): void {
    rmsprop(
      this.w,
      this.slot0,
      this.isCentered ? this.slot1 : 0,
      this.momentum == 0 ? 0 : this.slot2,
      this.gradient,
      this.n,
      this.rate,
      this.scale,
      1 - this.rho,
      this.epsilon,
      this.momentum,
      this.decay,
    );
  }

  define(x: usize, scaled: f64, _: u32): void {
    const w = load<f64>(x), rho: f64 = 1.0 - <f64>(1 - this.rho);
    const g = scaled + <f64>this.decay * w;
    const v = rho * load<f64>(x, 8) + (1.0 - rho) * g * g;
    const a = this.isCentered ? rho * load<f64>(x, 16) + (1.0 - rho) * g : 0.0;
    const b = <f64>this.momentum * load<f64>(x, 24) + g / (sqrt(v - a * a) + <f64>this.epsilon);
    store<f64>(x, w - <f64>this.rate * b);
    store<f64>(x, v, 8);
    store<f64>(x, a, 16);
    store<f64>(x, b, 24);
  }
}

function variant(scale: f32, decay: f32, isCentered: bool, momentum: f32): Rmsprop {
  const one = new Rmsprop();
  one.scale = scale;
  one.decay = decay;
  one.isCentered = isCentered;
  one.momentum = momentum;
  return one;
}

describe("rmsprop", () => {
  it("follows torch.optim.RMSprop for every tail", () => {
    expect(followsForEveryTail(variant(1, 0, false, 0))).toBe(true);
    expect(followsForEveryTail(variant(0.5, 0.01, false, 0))).toBe(true);
  });

  it("follows it with momentum", () => {
    expect(followsForEveryTail(variant(0.5, 0, false, 0.9))).toBe(true);
    expect(followsForEveryTail(variant(1, 0.01, false, 0.5))).toBe(true);
  });

  it("follows it centered, without and with momentum", () => {
    expect(followsForEveryTail(variant(0.5, 0, true, 0))).toBe(true);
    expect(followsForEveryTail(variant(1, 0.01, true, 0))).toBe(true);
    expect(followsForEveryTail(variant(0.5, 0, true, 0.9))).toBe(true);
    expect(followsForEveryTail(variant(0.5, 0.01, true, 0.9))).toBe(true);
  });

  it("still follows it after 300 steps", () => {
    expect(follows(variant(1, 0.01, false, 0.5), 5, 0, 300, 1e-4)).toBe(true);
  });

  it("stays a number where all gradients are alike, so that v − a² is nothing but rounding", () => {
    const one = variant(1, 0, true, 0);
    one.rho = 0.5;
    one.start(6);
    for (let i: u32 = 0; i < 6; i++) put(one.gradient, i, <f32>(i + 1) * 0.1);
    for (let step: u32 = 0; step < 500; step++) one.update(step);
    for (let i: u32 = 0; i < 6; i++) expect(isFinite(at(one.w, i))).toBe(true);
    one.end();
  });

  it("ends with slots of exactly 0, never subnormal ones, when the gradient dies", () => {
    expect(unfinished(variant(1, 0, false, 0), 1500, 3)).toBe(0);
    expect(unfinished(variant(1, 0, true, 0.9), 1500, 3)).toBe(0);
  });

  it("keeps everything finite and no slot subnormal, for gradients and epsilons of any size", () => {
    const one = variant(1, 0, false, 0.9);
    expect(unruly(one, 0, 300)).toBe(0);
    one.epsilon = 1e-30;
    expect(unruly(one, 0, 300)).toBe(0);
    one.momentum = 0;
    expect(unruly(one, 0, 300)).toBe(0);
    expect(unruly(variant(1, 0.1, true, 0.9), 0, 300)).toBe(0);
    expect(unruly(variant(1, 0, true, 0), 0, 300)).toBe(0);
  });

  it("keeps its slots finite where coupled decay makes gradients of huge weights", () => {
    expect(enduresLargeWeights(variant(1, 0.1, false, 0))).toBe(true);
    expect(enduresLargeWeights(variant(1, 0.1, true, 0.9))).toBe(true);
  });

  it("moves nothing at a rate of 0", () => {
    expect(restsAtRateZero(variant(1, 0, false, 0))).toBe(true);
    expect(restsAtRateZero(variant(1, 0.1, true, 0.9))).toBe(true);
  });

  it("lets a NaN gradient show in the weight, and leaves its neighbors alone", () => {
    expect(showsNaN(variant(1, 0, false, 0))).toBe(true);
    expect(showsNaN(variant(1, 0, true, 0.9))).toBe(true);
    expect(showsNaN(variant(1, 0.1, true, 0))).toBe(true);
  });
});
