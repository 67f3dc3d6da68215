/** exp, log, power and cosine of + − × ÷ alone, against those of Math: Node's are within one ulp of the truth. */
import { describe, expect, it } from "vitest";
import { cosinePi, exp, log, power, powersOf } from "../../src/numeric/exactMath.ts";
import { chanceOf } from "../cases/domains.ts";

/** Distance between neighbors at |x|. */
function ulp(x: number): number {
  const bits = new BigInt64Array(Float64Array.of(Math.abs(x)).buffer);
  const next = new Float64Array(BigInt64Array.of((bits[0] as bigint) + 1n).buffer)[0] as number;
  return next - Math.abs(x);
}

const ulpsApart = (found: number, expected: number) =>
  Object.is(found, expected) ? 0 : Math.abs(found - expected) / ulp(expected);

function worst(count: number, seed: number, pair: (chance: () => number) => [number, number]): number {
  const chance = chanceOf(seed);
  let most = 0;
  for (let i = 0; i < count; i++) {
    const distance = ulpsApart(...pair(chance));
    most = distance <= most ? most : distance;
  }
  return most;
}

describe("exact mathematics", () => {
  it("has exp within two ulp from −745 to 709", () => {
    expect(
      worst(20_000, 1, (chance) => {
        const x = chance() * 1417 - 708;
        return [exp(x), Math.exp(x)];
      }),
    ).toBeLessThanOrEqual(2);
    expect(ulpsApart(exp(-740.25), Math.exp(-740.25))).toBeLessThanOrEqual(2);
    expect([exp(0), exp(710), exp(-746), exp(Number.NaN)]).toEqual([1, Infinity, 0, Number.NaN]);
  });

  it("has log within two ulp over the whole range, beside 1 too", () => {
    expect(
      worst(20_000, 2, (chance) => {
        const x = Math.exp(chance() * 1400 - 700);
        return [log(x), Math.log(x)];
      }),
    ).toBeLessThanOrEqual(2);
    expect(
      worst(20_000, 3, (chance) => {
        const x = 1 + (chance() - 0.5) / 2 ** Math.floor(chance() * 45);
        return [log(x), Math.log(x)];
      }),
    ).toBeLessThanOrEqual(2);
    expect([log(1), log(0), log(-1), log(Infinity)]).toEqual([0, -Infinity, Number.NaN, Infinity]);
    expect(ulpsApart(log(5e-324), Math.log(5e-324))).toBeLessThanOrEqual(2);
  });

  it("has powers within two ulp, with exponents in the thousands too", () => {
    expect(
      worst(20_000, 4, (chance) => {
        const [x, y] = [chance() * 4, (chance() - 0.5) * 500];
        return [power(x, y), x ** y];
      }),
    ).toBeLessThanOrEqual(2);
    expect(
      worst(20_000, 5, (chance) => {
        const [x, y] = [1 - chance() / 1000, Math.floor(chance() * 500_000)];
        return [power(x, y), x ** y];
      }),
    ).toBeLessThanOrEqual(2);
  });

  it("has the same powers of a fixed base", () => {
    const chance = chanceOf(9);
    for (const x of [0.1, 0.5, 0.93, 1, 1.5, 1e-300]) {
      const powers = powersOf(x);
      for (const y of [0, 1, -1, 0.5, 3, chance() * 100, 1e9, -1e9]) expect(powers(y)).toBe(power(x, y));
    }
  });

  it("has the powers at the ends that Math.pow has", () => {
    const ends = [0, 1, 0.5, 2, 1e300, 5e-324, Infinity, Number.NaN];
    for (const x of ends) {
      for (const y of [...ends, -1, -2.5, -1e300, -Infinity]) {
        // Math.pow(1, ±∞) is NaN in ECMAScript; 1 here.
        if (x === 1 && !Number.isFinite(y)) continue;
        expect(ulpsApart(power(x, y), x ** y), `${x} ** ${y}`).toBeLessThanOrEqual(2);
      }
    }
    expect(power(-1, 2)).toBeNaN();
  });

  it("has cos πx exactly at its zeros and extremes, and within two ulp between", () => {
    for (let x = -6; x <= 6; x++) {
      expect(cosinePi(x)).toBe(x % 2 === 0 ? 1 : -1);
      expect(Math.abs(cosinePi(x + 0.5))).toBe(0);
    }
    expect(
      worst(20_000, 6, (chance) => {
        const x = chance() / 4;
        return [cosinePi(x), Math.cos(Math.PI * x)];
      }),
    ).toBeLessThanOrEqual(2);
    // cos πx = sin π(½ − x), where the argument is small enough to be exact.
    expect(
      worst(20_000, 7, (chance) => {
        const x = 0.25 + chance() / 4;
        return [cosinePi(x), Math.sin(Math.PI * (0.5 - x))];
      }),
    ).toBeLessThanOrEqual(2);
  });

  it("has cos πx even, of period 2, and turned about ½", () => {
    const chance = chanceOf(8);
    for (let i = 0; i < 1000; i++) {
      const x = Math.floor(chance() * 2 ** 40) / 2 ** 40;
      expect(cosinePi(-x)).toBe(cosinePi(x));
      expect(cosinePi(x + 4)).toBe(cosinePi(x));
      expect(cosinePi(1 - x)).toBe(-cosinePi(x));
    }
  });
});
