import { Control } from "../../../assembly/isa/control";
import { checkUpdate } from "../../../assembly/kernels/step/checkUpdate";
import { buffer, put } from "../floats";

const control = memory.data(704, 16);
const SCRATCH = memory.data(256, 16);

/** A step whose loss is `loss`, at a learning rate of 1. */
function begin(loss: f64): void {
  memory.fill(control, 0, 704);
  store<f64>(control, loss, Control.loss);
  store<f32>(control, 1, Control.learningRate);
  store<u32>(control, <u32>SCRATCH, Control.scratch);
}

/** A vector of norm 5 · size. */
function threeAndFour(size: f32): usize {
  const x = buffer(2);
  put(x, 0, 3 * size);
  put(x, 1, 4 * size);
  return x;
}

/** Whether a gradient of that norm may go on, clipped to `maximum`, with the parameters' norm times `decay`. */
function passes(loss: f64, size: f32, maximum: f32, bound: f32, amplification: f32, decay: f32): bool {
  begin(loss);
  const gradient = threeAndFour(size), parameter = threeAndFour(1);
  const isWithin = checkUpdate(control, gradient, parameter, 2, maximum, bound, amplification, 0, decay);
  heap.free(gradient);
  heap.free(parameter);
  return isWithin;
}

describe("checkUpdate", () => {
  it("notes the norm, and the factor that clips it", () => {
    expect(passes(0, 1, 0, 0, 1, 0)).toBe(true);
    expect(load<f64>(control, Control.gradientNorm)).toBe(5);
    expect(load<f32>(control, Control.gradientScale)).toBe(1);
    expect(passes(0, 1, 10, 0, 1, 0)).toBe(true);
    expect(load<f32>(control, Control.gradientScale)).toBe(1);
    expect(passes(0, 1, 2, 0, 1, 0)).toBe(true);
    expect(load<f32>(control, Control.gradientScale)).toBe(<f32>0.4);
    expect(load<f64>(control, Control.gradientNorm)).toBe(5);
  });

  it("stops a step whose loss or gradient is not finite", () => {
    expect(passes(Infinity, 1, 0, 0, 1, 0)).toBe(false);
    expect(passes(NaN, 1, 0, 0, 1, 0)).toBe(false);
    expect(passes(0, NaN, 0, 0, 1, 0)).toBe(false);
    // Clipping has no direction to keep.
    expect(passes(0, Infinity, 1, 0, 1, 0)).toBe(false);
  });

  it("stops a gradient whose square leaves the range of f32, unless clipping leaves less of it", () => {
    expect(passes(0, 1e19, 0, 0, 1, 0)).toBe(false);
    expect(passes(0, 1e19, 1, 0, 1, 0)).toBe(true);
    expect(passes(0, 1e19, 0, 1, 1, 0)).toBe(true);
  });

  it("stops an update that would leave it, by amplification or by decay", () => {
    expect(passes(0, 1, 0, 0, 1e30, 0)).toBe(false);
    expect(passes(0, 1, 0, 0, 1e29, 0)).toBe(true);
    expect(passes(0, 1, 0, 0, 1, 1e30)).toBe(false);
    expect(passes(0, 1, 0, 0, 1, 1e29)).toBe(true);
  });
});
