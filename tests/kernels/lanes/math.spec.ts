import { exp4, expNegative4, log4, logOnePlus4, sigmoid4, tanh4 } from "../../../assembly/lanes/math";
import { ulps } from "../floats";

type Lanes = (x: usize) => void;
type Formula = (x: f64) => f64;

const LEAST_NORMAL: f64 = 1.1754943508222875e-38;

/** Runs a lane function on one value; the other lanes hold values that must not matter. */
function one(lanes: Lanes, x: f32): f32 {
  const scratch = heap.alloc(16);
  store<f32>(scratch, 1);
  store<f32>(scratch, -1e30, 4);
  store<f32>(scratch, x, 8);
  store<f32>(scratch, NaN, 12);
  lanes(scratch);
  const y = load<f32>(scratch, 8);
  heap.free(scratch);
  return y;
}

/** Greatest error in ulp over every 997rd bit pattern from first to last; subnormal results must be 0 if flushed. */
function sweep(lanes: Lanes, formula: Formula, flushed: bool, first: u32, last: u32): f64 {
  const x = heap.alloc(32);
  let worst: f64 = 0;
  for (let bits: u64 = first; bits + 3 * 997 <= <u64>last; bits += 4 * 997) {
    for (let lane: u32 = 0; lane < 4; lane++) {
      store<u32>(x + (lane << 2), <u32>(bits + lane * 997));
      store<u32>(x + (lane << 2), <u32>(bits + lane * 997), 16);
    }
    lanes(x);
    for (let lane: u32 = 0; lane < 4; lane++) {
      const expected = formula(<f64>load<f32>(x + (lane << 2), 16));
      const vanishes = flushed && abs(expected) < LEAST_NORMAL;
      worst = max(worst, ulps(load<f32>(x + (lane << 2)), vanishes ? 0 : expected));
    }
  }
  heap.free(x);
  return worst;
}

const ALL: u32 = 0xffffffff;

const expLanes: Lanes = (x) => v128.store(x, exp4(v128.load(x)));
const expNegativeLanes: Lanes = (x) => v128.store(x, expNegative4(v128.load(x)));
const logLanes: Lanes = (x) => v128.store(x, log4(v128.load(x)));
const logOnePlusLanes: Lanes = (x) => v128.store(x, logOnePlus4(v128.load(x)));
const tanhLanes: Lanes = (x) => v128.store(x, tanh4(v128.load(x)));
const sigmoidLanes: Lanes = (x) => v128.store(x, sigmoid4(v128.load(x)));

// The f64 functions of AssemblyScript's NativeMath are the reference: fdlibm, below 1 ulp of f64.
const sigmoidFormula: Formula = (x) => 1 / (1 + Math.exp(-x));

describe("the measure of error", () => {
  it("tells apart what it must", () => {
    expect(ulps(1, 1)).toBe(0);
    expect(ulps(reinterpret<f32>(0x3f800002), 1)).toBe(2);
    expect(ulps(reinterpret<f32>(0x80000003), 0)).toBe(3);
    expect(ulps(NaN, 1)).toBe(Infinity);
    expect(ulps(1, NaN)).toBe(Infinity);
    expect(ulps(Infinity, 3e38)).toBe(Infinity);
    expect(ulps(Infinity, 4e38)).toBe(0);
  });
});

describe("exp4", () => {
  it("is within 1.2 ulp over all floats, NaN and infinities included, and flushes subnormal results", () => {
    const worst = sweep(expLanes, (x) => Math.exp(x), true, 0, ALL);
    expect(worst).toBeLessThanOrEqual(1.2);
    expect(worst).toBeGreaterThan(0.5);
  });

  it("is exactly 1 at ±0 and wherever e^x rounds to 1", () => {
    expect(one(expLanes, 0)).toBe(1);
    expect(one(expLanes, -0.0)).toBe(1);
    expect(one(expLanes, 1e-30)).toBe(1);
    expect(one(expLanes, -1e-40)).toBe(1);
  });

  it("switches to 0 and Infinity at the very float where e^x leaves the normal range", () => {
    // ln(2^-126) = -87.3365447…, ln(max) = 88.7228390…; the powers worked in f64.
    expect(ulps(one(expLanes, reinterpret<f32>(0xc2aeac4f)), 1.1754996739254907e-38)).toBeLessThanOrEqual(
      1.2,
    );
    expect(one(expLanes, reinterpret<f32>(0xc2aeac50))).toBe(0);
    expect(ulps(one(expLanes, reinterpret<f32>(0x42b17217)), 3.4027985374118487e38)).toBeLessThanOrEqual(1.2);
    expect(one(expLanes, reinterpret<f32>(0x42b17218))).toBe(Infinity);
    expect(one(expLanes, 3.4e38)).toBe(Infinity);
    expect(one(expLanes, Infinity)).toBe(Infinity);
    expect(one(expLanes, -3.4e38)).toBe(0);
    expect(one(expLanes, -Infinity)).toBe(0);
    expect(isNaN(one(expLanes, NaN))).toBe(true);
  });
});

describe("expNegative4", () => {
  it("is within 1.2 ulp over all x ≤ 0", () => {
    expect(sweep(expNegativeLanes, (x) => Math.exp(x), true, 0x80000000, ALL)).toBeLessThanOrEqual(1.2);
    expect(one(expNegativeLanes, 0)).toBe(1);
    expect(one(expNegativeLanes, -Infinity)).toBe(0);
    expect(isNaN(one(expNegativeLanes, NaN))).toBe(true);
  });
});

describe("log4", () => {
  it("is within 1 ulp over all floats, subnormal ones included", () => {
    const worst = sweep(logLanes, (x) => Math.log(x), false, 0, ALL);
    expect(worst).toBeLessThanOrEqual(1);
    expect(worst).toBeGreaterThan(0.5);
  });

  it("is within 1 ulp where it vanishes, for each of the 4,000 floats around 1", () => {
    let worst: f64 = 0;
    for (let bits: u32 = 0x3f800000 - 2000; bits < 0x3f800000 + 2000; bits++) {
      const x = reinterpret<f32>(bits);
      worst = max(worst, ulps(one(logLanes, x), Math.log(<f64>x)));
    }
    expect(worst).toBeLessThanOrEqual(1);
  });

  it("has its limits at 0 and Infinity, and is NaN below 0", () => {
    expect(one(logLanes, 0)).toBe(-Infinity);
    expect(one(logLanes, -0.0)).toBe(-Infinity);
    expect(one(logLanes, 1)).toBe(0);
    expect(one(logLanes, Infinity)).toBe(Infinity);
    expect(ulps(one(logLanes, reinterpret<f32>(1)), -103.27892990343184)).toBeLessThanOrEqual(1); // ln(2^-149)
    expect(isNaN(one(logLanes, -1e-40))).toBe(true);
    expect(isNaN(one(logLanes, -Infinity))).toBe(true);
    expect(isNaN(one(logLanes, NaN))).toBe(true);
  });
});

describe("logOnePlus4", () => {
  it("is within 1.3 ulp over all finite x ≥ 0", () => {
    const worst = sweep(logOnePlusLanes, (x) => Math.log1p(x), false, 0, 0x7f7fffff);
    expect(worst).toBeLessThanOrEqual(1.3);
    expect(worst).toBeGreaterThan(0.5);
    expect(one(logOnePlusLanes, 0)).toBe(0);
    expect(isNaN(one(logOnePlusLanes, NaN))).toBe(true);
  });
});

describe("tanh4", () => {
  it("is within 1.4 ulp over all floats", () => {
    const worst = sweep(tanhLanes, (x) => Math.tanh(x), false, 0, ALL);
    expect(worst).toBeLessThanOrEqual(1.4);
    expect(worst).toBeGreaterThan(0.5);
  });

  it("is odd to the last bit, and the identity for tiny x", () => {
    for (let bits: u32 = 0; bits < 0x7f800000; bits += 99991) {
      const x = reinterpret<f32>(bits);
      if (one(tanhLanes, -x) != -one(tanhLanes, x)) expect(x).toBe(0, "tanh is not odd here");
    }
    expect(one(tanhLanes, 1e-20)).toBe(1e-20);
    expect(one(tanhLanes, -1e-40)).toBe(-1e-40);
    expect(reinterpret<u32>(one(tanhLanes, -0.0))).toBe(0x80000000);
  });

  it("ends at ±1, never beyond", () => {
    expect(one(tanhLanes, Infinity)).toBe(1);
    expect(one(tanhLanes, -Infinity)).toBe(-1);
    expect(one(tanhLanes, -3.4e38)).toBe(-1);
    for (let x: f32 = 7; x < 30; x += 0.0625) expect(one(tanhLanes, x)).toBeLessThanOrEqual(1);
    expect(isNaN(one(tanhLanes, NaN))).toBe(true);
  });
});

describe("sigmoid4", () => {
  it("is within 1.9 ulp over all floats, in both tails, and flushes subnormal results", () => {
    const worst = sweep(sigmoidLanes, sigmoidFormula, true, 0, ALL);
    expect(worst).toBeLessThanOrEqual(1.9);
    expect(worst).toBeGreaterThan(0.5);
  });

  it("is within 1.9 ulp on [-8, 8], where networks live", () => {
    expect(sweep(sigmoidLanes, sigmoidFormula, true, 0x3a000000, 0x41000000)).toBeLessThanOrEqual(1.9);
    expect(sweep(sigmoidLanes, sigmoidFormula, true, 0xba000000, 0xc1000000)).toBeLessThanOrEqual(1.9);
  });

  it("has its limits at ±Infinity and is ½ at 0", () => {
    expect(one(sigmoidLanes, 0)).toBe(0.5);
    expect(one(sigmoidLanes, Infinity)).toBe(1);
    expect(one(sigmoidLanes, -Infinity)).toBe(0);
    expect(one(sigmoidLanes, -88)).toBe(0);
    expect(ulps(one(sigmoidLanes, -80), 1.804851387845415e-35)).toBeLessThanOrEqual(1.9); // e^-80
    expect(isNaN(one(sigmoidLanes, NaN))).toBe(true);
  });
});
