import { lion } from "../../../assembly/kernels/optimizer/lion";
import { at, put } from "../floats";
import {
  follows,
  followsForEveryTail,
  restsAtRateZero,
  showsNaN,
  Subject,
  unfinished,
  unruly,
} from "../update/optimizer";

/** Chen et al. 2023, algorithm 2, the betas being the f32 given. */
class Lion extends Subject {
  beta1: f32 = 0.9;
  beta2: f32 = 0.99;

  update(_: u32): void {
    lion(
      this.w,
      this.slot0,
      this.gradient,
      this.n,
      this.rate,
      this.scale,
      this.beta1,
      this.beta2,
      this.decay,
    );
  }

  define(x: usize, g: f64, _: u32): void {
    const w = load<f64>(x), beta1: f64 = this.beta1, beta2: f64 = this.beta2;
    const c = beta1 * load<f64>(x, 8) + (1.0 - beta1) * g;
    const sign: f64 = c > 0 ? 1 : c < 0 ? -1 : 0;
    store<f64>(x, w - <f64>this.rate * (sign + <f64>this.decay * w));
    store<f64>(x, beta2 * load<f64>(x, 8) + (1.0 - beta2) * g, 8);
  }
}

function variant(scale: f32, decay: f32): Lion {
  const one = new Lion();
  one.scale = scale;
  one.decay = decay;
  return one;
}

describe("lion", () => {
  it("follows the paper for every tail", () => {
    expect(followsForEveryTail(variant(1, 0))).toBe(true);
    expect(followsForEveryTail(variant(0.5, 0))).toBe(true);
    expect(followsForEveryTail(variant(0.5, 0.1))).toBe(true);
  });

  it("still follows it after 300 steps", () => expect(follows(variant(1, 0.1), 5, 0, 300, 1e-4)).toBe(true));

  it("moves by exactly the learning rate, whatever the gradient's size, and not at all without one", () => {
    const one = variant(1, 0);
    one.rate = 0.25;
    one.start(6);
    for (let i: u32 = 0; i < 6; i++) put(one.w, i, 1);
    put(one.gradient, 0, 1e-28);
    put(one.gradient, 1, -1e-28);
    put(one.gradient, 2, 1e19);
    put(one.gradient, 3, -3);
    put(one.gradient, 4, 0);
    put(one.gradient, 5, 1e-40);
    one.update(0);
    expect(at(one.w, 0)).toBe(0.75);
    expect(at(one.w, 1)).toBe(1.25);
    expect(at(one.w, 2)).toBe(0.75);
    expect(at(one.w, 3)).toBe(1.25);
    expect(at(one.w, 4)).toBe(1);
    expect(at(one.w, 5)).toBe(1);
    one.end();
  });

  it("ends with a mean of exactly 0, never a subnormal one, when the gradient dies", () => {
    const one = variant(1, 0);
    one.beta2 = 0.9;
    expect(unfinished(one, 1500, 1)).toBe(0);
  });

  it("keeps everything finite and no mean subnormal, for gradients of any size", () => {
    expect(unruly(variant(1, 0), 0, 300)).toBe(0);
    expect(unruly(variant(1, 0.1), 0, 300)).toBe(0);
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
