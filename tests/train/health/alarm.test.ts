/** Whatever the rules suspect of a step does not look sound: else it would never be diagnosed. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { StatisticsRecord } from "../../../assembly/isa/control.ts";
import type { Measured } from "../../../src/compile/observe.ts";
import { compile, dense, input, sequential } from "../../../src/index.ts";
import { health } from "../../../src/train/health/late.ts";
import { suspicions } from "../../../src/train/health/rules.ts";
import { FIELDS, isStepSound } from "../../../src/train/health/sound.ts";
import { entriesOf } from "../../../src/train/health/statistics.ts";
import { howMany } from "../../given/depth.ts";
import { rowsOf } from "../../given/models.ts";

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
    set(StatisticsRecord.minimum, -1);
    set(StatisticsRecord.maximum, 1);
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
      if (isSuspected)
        expect(isStepSound(measured, numbers, kernels, false), `step of seed ${seed}`).toBe(false);
    }
    expect(Math.min(counts.sound, counts.suspected)).toBeGreaterThan(100);
  });
});

describe("the diagnosis", () => {
  const x = rowsOf(64, 2);
  const y = x.map(([a = 0, b = 0]) => (a > b ? 1 : 0));

  /** Reports of a training on inputs that are so many times as large. */
  async function reportsOf(factor: number) {
    const layers = [input(2), dense(8, "tanh"), dense(2, "softmax")] as const;
    const model = await compile(sequential(...layers), { loss: "crossEntropy" });
    return model.fit({ x: x.map((row) => row.map((one) => one * factor)), y }, { epochs: 3 });
  }

  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("is not loaded for a training that looks sound", async () => {
    const load = vi.spyOn(health, "load");
    const reports = await reportsOf(1);
    expect([load.mock.calls, reports.flatMap((one) => one.health ?? [])]).toEqual([[], []]);
  });

  it("is loaded for one that does not, and told with the epoch that showed it", async () => {
    const load = vi.spyOn(health, "load");
    const reports = await reportsOf(1000);
    expect(load.mock.calls).toEqual([["fit"]]);
    expect(reports[0]?.health?.map(({ kind }) => kind)).toEqual(["unscaledInput"]);
  });

  it("that does not load ends no training", async () => {
    vi.spyOn(health, "load").mockRejectedValue(new TypeError("Failed to fetch"));
    const reports = await reportsOf(1000);
    expect(reports.map((one) => [one.epoch, one.health])).toEqual(
      [1, 2, 3].map((epoch) => [epoch, undefined]),
    );
  });
});
