/** Whatever the rules suspect of a step does not look sound: else it would never be diagnosed. */
import { describe, expect, it } from "vitest";
import { StatisticsRecord } from "../../../assembly/isa/control.ts";
import type { Measured } from "../../../src/compile/observe.ts";
import { suspicions } from "../../../src/train/health/rules.ts";
import { FIELDS, isStepSound } from "../../../src/train/health/sound.ts";
import { entriesOf } from "../../../src/train/health/statistics.ts";
import { howMany } from "../../given/depth.ts";

const WHATS = ["input", "target", "result", "gradient", "weight"] as const;
const RANGES = ["relu", "sigmoid", "tanh", "other"] as const;
const UNITS = 4;

/** Numbers from 0 to 1, the same in every run: a linear congruential generator. */
function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A step of a few layers, whose numbers lie about the thresholds of the rules, and are now and then NaN or 0. */
function stepOf(seed: number) {
  const next = uniforms(seed);
  const pick = <T>(list: readonly T[]) => list[Math.floor(next() * list.length)] as T;
  const measured = Array.from({ length: 2 + Math.floor(next() * 8) }, (_, i): Measured => {
    return { what: pick(WHATS), name: `${i}/kernel`, range: pick(RANGES), units: UNITS, isMultiplied: true };
  });
  const numbers = new Float64Array(measured.length * FIELDS);
  measured.forEach((_, i) => {
    const set = (field: StatisticsRecord, value: number) => {
      numbers[i * FIELDS + (field >>> 3)] = value;
    };
    const count = UNITS * pick([1, 8, 32]);
    set(StatisticsRecord.count, count);
    set(StatisticsRecord.squares, pick([0, Number.NaN, count * 10 ** (next() * 16 - 10)]));
    set(StatisticsRecord.deadUnits, Math.floor(next() * (UNITS + 1)));
    set(StatisticsRecord.saturated, Math.floor(next() * count));
  });
  return { measured, numbers };
}

describe("a step that looks sound", () => {
  it("is suspected of nothing", () => {
    const counts = { sound: 0, suspected: 0 };
    for (let seed = 0; seed < howMany(3000, 100_000); seed++) {
      const { measured, numbers } = stepOf(seed);
      const kernels = new Set(measured.map(({ name }) => name));
      const entries = entriesOf(measured, numbers);
      const evidence = { entries, kernels, outputs: new Set<string>(), areNumbers: false, isSum: false };
      const isSuspected = suspicions(evidence).length > 0;
      counts[isSuspected ? "suspected" : "sound"] += 1;
      if (isSuspected) expect(isStepSound(measured, numbers), `step of seed ${seed}`).toBe(false);
    }
    expect(Math.min(counts.sound, counts.suspected)).toBeGreaterThan(100);
  });
});
