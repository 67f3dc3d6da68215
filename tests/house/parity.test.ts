/** Nothing is forgotten: every opcode has a kernel that a case runs; every op a gradient, a definition and a case. */
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Method, Status } from "../../assembly/isa/control.ts";
import { Family } from "../../assembly/isa/op.ts";
import type { AnyKind } from "../../src/compile/facts/fact.ts";
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
import { RARE } from "../../src/optimizers/rare.ts";
import { Engine } from "../../src/runtime/engine.ts";
import { trials } from "../cases/case.ts";
import { core, families } from "../cases/engine.ts";
import { caseNames, cases } from "../cases/index.ts";
import { Loaded } from "../cases/machine.ts";
import { prepare } from "../cases/prepare.ts";
import { GraphProgram } from "../cases/run.ts";
import { type DefinedName, definitions as optimizerDefinitions } from "../optimizers/reference.ts";
import { filesBelow, root } from "./sources.ts";

const nameOf = (path: string): string => path.replace(/^.*\/|\.ts$/g, "");
const familyFiles = filesBelow("assembly/isa", [".ts"]).filter(
  (path) => !["op", "control", "limits", "purpose"].includes(nameOf(path)),
);

/** The enums of each family: its opcodes, and its records by their names. */
const isa = await Promise.all(
  familyFiles.map(async (path) => {
    const exported = Object.entries((await import(join(root, path))) as Record<string, object>);
    const [opcodes] = exported.flatMap(([name, one]) => (name.endsWith("Op") ? [one] : []));
    return {
      family: nameOf(path),
      opcodes: Object.entries(opcodes!).filter(
        (entry): entry is [string, number] => typeof entry[1] === "number",
      ),
      records: exported.filter(([name]) => name.endsWith("Record")),
    };
  }),
);

/** All that the host knows of opcodes, by family. */
const facts = new Map(
  await Promise.all(
    isa.map(async ({ family }) => {
      const file = (await import(join(root, `src/compile/facts/${family}.ts`))) as Record<
        string,
        Record<string, AnyKind>
      >;
      return [family, file[`${family}Kinds`]!] as const;
    }),
  ),
);

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
  const optimizers = [...names.map((name) => chooseOptimizer(name, RARE)), averaged];
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
  it("has the number of its family in the high byte, and numbers without a gap in the low one", () => {
    const numbers = Object.entries(Family).filter(([, number]) => typeof number === "number");
    expect(isa.map(({ family }) => family).sort()).toEqual(
      numbers.map(([name]) => name.toLowerCase()).sort(),
    );
    for (const { family, opcodes } of isa) {
      const number = numbers.find(([name]) => name.toLowerCase() === family)![1] as number;
      const first = opcodes[0]![1] & 0xff;
      // 0 is the end of a method.
      expect(first, family).toBe(number === 0 ? 1 : 0);
      expect(opcodes.map(([, op]) => op)).toEqual(opcodes.map((_, i) => (number << 8) + first + i));
    }
  });

  it("has its facts, under its name", () => {
    for (const { family, opcodes } of isa) {
      const kinds = Object.values(facts.get(family)!);
      expect(kinds.map(({ name, op }) => [name, op]).sort()).toEqual([...opcodes].sort());
      expect(new Set(kinds.map((kind) => kind.family.name))).toEqual(new Set([family]));
    }
  });

  it("is executed by a case or by training", () => {
    const found = new Set(executed.map(({ kind }) => kind.op));
    const missing = isa.flatMap(({ opcodes }) => opcodes.filter(([, op]) => !found.has(op)));
    expect(missing).toEqual([]);
  });

  it("is refused when it is unknown, or of a family that is not there", () => {
    const engine = new Engine(core);
    const control = Math.ceil(engine.heapBase / 64) * 64;
    const record = control + 1024;
    engine.growTo(record + 1024);
    const execute = (op: number) => {
      engine.u32.set([op, 16], record >> 2);
      engine.execute(control, record);
    };
    const beyond = isa.map(({ opcodes }) => opcodes.at(-1)![1] + 1);
    const absent = families.map(([{ number }]) => number << 8);
    const unknown = [0, ...beyond, ...absent, 0xf00, 0x1f00, 0x2000, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
    for (const op of unknown) expect(() => execute(op), `opcode ${op}`).toThrow("unknown opcode");
    for (const [family, module] of families) engine.link(family, module);
    for (const op of [...beyond, 0xf00]) expect(() => execute(op), `opcode ${op}`).toThrow("unknown opcode");
  });
});

describe("a record", () => {
  it("is written with its fields, all of them and no others", () => {
    expect(new Set(executed.map(({ kind }) => kind.record)).size).toBeGreaterThan(10);
    for (const { kind, operands } of executed) {
      const { record } = kind;
      const fields = Object.entries(record).filter(([, at]) => typeof at === "number" && at < record.words);
      expect(Object.keys(operands).sort(), kind.name).toEqual(fields.map(([field]) => field).sort());
    }
  });

  it("is used by an instruction", () => {
    const used = new Set<unknown>(executed.map(({ kind }) => kind.record));
    const unused = isa.flatMap(({ records }) => records.filter(([, layout]) => !used.has(layout)));
    expect(unused.map(([name]) => name)).toEqual([]);
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
  "maxPool2dGrad",
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
      "sparseSource",
      "stopGradient",
      "uniformNoise",
    ]);
  });
});
