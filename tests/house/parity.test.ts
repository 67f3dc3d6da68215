/** Nothing is forgotten: every opcode has a kernel that a case runs; every op a gradient, a definition and a case. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as isa from "../../assembly/isa.ts";
import { Method, Op, Status } from "../../assembly/isa.ts";
import type { Instruction } from "../../src/compile/instruction.ts";
import { ops } from "../../src/graph/primitives/index.ts";
import { definitions } from "../../src/graph/reference/index.ts";
import { dense } from "../../src/layers/dense/dense.ts";
import { input } from "../../src/layers/input.ts";
import { batchNorm } from "../../src/layers/normalization/batchNorm.ts";
import { meanSquaredError } from "../../src/losses/index.ts";
import { sequential } from "../../src/network/sequential.ts";
import { exponentialMovingAverage } from "../../src/optimizers/exponentialMovingAverage.ts";
import { chooseOptimizer } from "../../src/optimizers/index.ts";
import { lookahead } from "../../src/optimizers/lookahead.ts";
import { Engine } from "../../src/runtime/engine.ts";
import { loadInline } from "../../src/runtime/load.inline.ts";
import { trials } from "../cases/case.ts";
import { caseNames, cases } from "../cases/index.ts";
import { Loaded } from "../cases/machine.ts";
import { prepare } from "../cases/prepare.ts";
import { GraphProgram } from "../cases/run.ts";
import { type DefinedName, definitions as optimizerDefinitions } from "../optimizers/reference.ts";

const opcodes = Object.values(Op).filter((op): op is Op => typeof op === "number" && op !== Op.End);

/** Instructions of every case, each executed: a status other than Ok throws. */
function executedByCases(): Instruction[] {
  return caseNames.flatMap((name) =>
    fc.sample(trials(cases[name].applications), { numRuns: 30, seed: 1 }).flatMap((trial) => {
      const { y, feed } = prepare(trial);
      const program = new GraphProgram([y], { maxRows: trial.rows + trial.spare });
      program.run(feed);
      return [...program.instructions];
    }),
  );
}

const names = [...(Object.keys(optimizerDefinitions) as DefinedName[]), "lbfgs"] as const;
const averaged = exponentialMovingAverage(lookahead("sgd"));

/** Instructions of training programs, each executed. */
function executedByTraining(): Instruction[] {
  const optimizers = [...names.map((name) => chooseOptimizer(name)), averaged];
  const settings = optimizers.flatMap((optimizer) => [
    { optimizer, rows: 4, accumulates: false },
    { optimizer, rows: 2, accumulates: true, clipParts: 0.5 },
  ]);
  return settings.flatMap((one) => {
    const kept = dense(2, { kernelInitializer: "normal", kernelConstraint: "unitNorm" });
    const network = sequential(input(3), dense(3), batchNorm(), kept);
    const loaded = new Loaded(network, { loss: meanSquaredError(), ...one });
    const staged = loaded.stage({ x: new Float32Array(12), y: new Float32Array(8), rows: 4 });
    for (const method of [Method.Train, Method.Evaluate, Method.Predict]) {
      expect(loaded.run(method, staged, { batchRows: 4, learningRate: 0.1 }).status).toBe(Status.Ok);
    }
    return loaded.machine.program.methods.flat();
  });
}

const executed = [...executedByCases(), ...executedByTraining()];

describe("an opcode", () => {
  it("has a number of its own, without a gap", () => {
    expect(opcodes.sort((a, b) => a - b)).toEqual(opcodes.map((_, i) => i + 1));
  });

  it("is executed by a case or by training", () => {
    const found = new Set(executed.map(({ op }) => op));
    expect(opcodes.filter((op) => !found.has(op)).map((op) => Op[op])).toEqual([]);
  });

  it("is refused when it is unknown", async () => {
    const engine = new Engine(await loadInline("exact"));
    const control = Math.ceil(engine.heapBase / 64) * 64;
    const record = control + 1024;
    engine.growTo(record + 1024);
    for (const op of [
      Op.End,
      opcodes.length + 1,
      opcodes.length + 2,
      1000,
      2 ** 31 - 1,
      2 ** 31,
      2 ** 32 - 1,
    ]) {
      engine.u32.set([op, 16], record >> 2);
      expect(() => engine.execute(control, record), `opcode ${op}`).toThrow("unknown opcode");
    }
  });
});

describe("a record", () => {
  const layouts = Object.entries(isa).filter(([name]) => name.endsWith("Record"));

  it("is written with its fields, all of them, in their order: verify takes the first place for the result", () => {
    const instructionRecords = new Set(executed.map(({ record }) => record));
    expect(instructionRecords.size).toBeGreaterThan(10);
    for (const { op, record, operands } of executed) {
      const entries = Object.entries(record).filter(([, at]) => typeof at === "number" && at < record.words);
      const fields = entries.sort(([, a], [, b]) => Number(a) - Number(b)).map(([field]) => field);
      expect(Object.keys(operands), Op[op]).toEqual(fields);
    }
  });

  it("is used by an instruction, or belongs to a table of the control block", () => {
    const used = new Set<unknown>(executed.map(({ record }) => record));
    const unused = layouts.filter(([, layout]) => !used.has(layout)).map(([name]) => name);
    expect(unused.sort()).toEqual(["EpochRecord", "SourceRecord", "StatisticsRecord", "StepRecord"]);
  });
});

/** Ops without a gradient. Steps and indices have none; adjoints are first order; a report is no value. */
const WITHOUT_GRADIENT = [
  "argMax",
  "binaryCrossEntropyGrad",
  "crossEntropyGrad",
  "crossEntropyOneHotGrad",
  "ctcAlpha",
  "ctcGrad",
  "equal",
  "geluGrad",
  "geluTanhGrad",
  "greater",
  "greaterEqual",
  "greaterThan",
  "logSoftmaxGrad",
  "mishGrad",
  "normalizeGrad",
  "notEqual",
  "oneHot",
  "reluGrad",
  "report",
  "sigmoidGrad",
  "siluGrad",
  "softmaxGrad",
  "squaredErrorGrad",
  "tanhGrad",
];

describe("an op", () => {
  const names = Object.keys(ops).sort();

  it("is listed under its own name", () => {
    expect(Object.entries(ops).map(([key, op]) => [key, op.name])).toEqual(
      Object.keys(ops).map((key) => [key, key]),
    );
  });

  it("has a definition in f64", () => {
    expect(Object.keys(definitions).sort()).toEqual(names);
  });

  it("has a case", () => {
    expect(Object.keys(cases).sort()).toEqual(names);
  });

  it("has a gradient, or none by decision", () => {
    const without = Object.values(ops).filter(({ vjp }) => typeof vjp !== "function");
    expect(without.map(({ vjp }) => vjp)).toEqual(without.map(() => "none"));
    expect(without.map(({ name }) => name).sort()).toEqual(WITHOUT_GRADIENT);
  });

  it("has its gradient proved by its case, unless it has none or no inputs", () => {
    const unproved = caseNames.filter((name) => cases[name].gradient !== "finite differences");
    expect(unproved.filter((name) => cases[name].gradient === "none")).toEqual(WITHOUT_GRADIENT);
    expect(unproved.filter((name) => cases[name].gradient === "leaf")).toEqual([
      "constant",
      "fill",
      "normalNoise",
      "parameter",
      "source",
      "stopGradient",
      "uniformNoise",
    ]);
  });
});
