import { adagrad } from "../../../assembly/kernels/optimizer/adagrad";
import { at, put } from "../floats";
import {
  enduresLargeWeights,
  follows,
  followsForEveryTail,
  movesAfterAMillionSteps,
  restsAtRateZero,
  showsNaN,
  Subject,
  unruly,
} from "../update/optimizer";

/** torch.optim.Adagrad (docs.pytorch.org), whose sum starts at `initial`. */
class Adagrad extends Subject {
  epsilon: f32 = 1e-3;
  rateDecay: f32 = 0;
  initial: f32 = 0;

  update(step: u32): void {
    adagrad(
      this.w,
      this.slot0,
      this.gradient,
      this.n,
      this.rate,
      this.scale,
      this.epsilon,
      this.rateDecay,
      this.initial,
      this.decay,
      step,
    );
  }

  define(x: usize, scaled: f64, step: u32): void {
    const w = load<f64>(x);
    const g = scaled + <f64>this.decay * w;
    const sum = load<f64>(x, 8) + g * g;
    const rate = <f64>this.rate / (1.0 + <f64>step * <f64>this.rateDecay);
    store<f64>(x, w - (rate * g) / (sqrt(<f64>this.initial + sum) + <f64>this.epsilon));
    store<f64>(x, sum, 8);
  }
}

function variant(scale: f32, decay: f32, rateDecay: f32, initial: f32): Adagrad {
  const one = new Adagrad();
  one.scale = scale;
  one.decay = decay;
  one.rateDecay = rateDecay;
  one.initial = initial;
  return one;
}

describe("adagrad", () => {
  it("follows torch.optim.Adagrad for every tail", () => {
    expect(followsForEveryTail(variant(1, 0, 0, 0))).toBe(true);
    expect(followsForEveryTail(variant(0.5, 0, 0.1, 0.25))).toBe(true);
    expect(followsForEveryTail(variant(0.5, 0.01, 0, 0))).toBe(true);
  });

  it("still follows it after 300 steps", () => {
    expect(follows(variant(1, 0.01, 0.01, 0.1), 5, 0, 300, 1e-4)).toBe(true);
  });

  it("slows down by its rateDecay: at step 10^6, by a factor of 1 + 10^6 · rateDecay", () => {
    const one = variant(1, 0, 1, 0);
    one.rate = 1e6;
    one.epsilon = 1e-10;
    one.start(1);
    put(one.w, 0, 0);
    put(one.gradient, 0, 4);
    one.update(1000000);
    expect(abs(at(one.w, 0) + <f32>(1e6 / 1000001.0)) < 1e-6).toBe(true);
    one.end();
  });

  it("keeps a sum of 0 where there is no gradient, and no weight moves", () => {
    const one = variant(1, 0, 0, 0.1);
    one.start(5);
    for (let i: u32 = 0; i < 5; i++) put(one.gradient, i, 0);
    for (let step: u32 = 0; step < 5; step++) one.update(step);
    for (let i: u32 = 0; i < 5; i++) expect(at(one.slot0, i)).toBe(0);
    expect(at(one.w, 1)).toBe(-0.75);
    one.end();
  });

  it("keeps everything finite and no sum subnormal, for gradients and epsilons of any size", () => {
    const one = variant(1, 0, 0, 0);
    expect(unruly(one, 0, 300)).toBe(0);
    one.epsilon = 1e-30;
    expect(unruly(one, 0, 300)).toBe(0);
    expect(unruly(one, 999999, 300)).toBe(0);
    expect(unruly(variant(1, 0.1, 0, 1e-40), 0, 300)).toBe(0);
  });

  it("moves after a million steps", () => {
    expect(movesAfterAMillionSteps(variant(1, 0, 1e-3, 0))).toBe(true);
  });

  it("keeps its slots finite where coupled decay makes gradients of huge weights", () => {
    expect(enduresLargeWeights(variant(1, 0.1, 0, 0))).toBe(true);
  });

  it("moves nothing at a rate of 0", () => {
    expect(restsAtRateZero(variant(1, 0, 0, 0))).toBe(true);
    expect(restsAtRateZero(variant(1, 0.1, 0, 0))).toBe(true);
  });

  it("lets a NaN gradient show in the weight, and leaves its neighbors alone", () => {
    expect(showsNaN(variant(1, 0, 0, 0))).toBe(true);
    expect(showsNaN(variant(1, 0.1, 0, 0))).toBe(true);
  });
});
