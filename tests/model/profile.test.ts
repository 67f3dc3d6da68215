/** `profile`: where the time of a step goes. How long anything takes decides nothing here. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { Method } from "../../assembly/isa/control.ts";
import { isPlace } from "../../src/compile/instruction.ts";
import { floatsOf, writtenBy } from "../../src/compile/work.ts";
import {
  adam,
  adamW,
  batchNorm,
  type CompileOptions,
  compile,
  conv2d,
  DataError,
  DisposedError,
  DivergedError,
  dense,
  dropout,
  exponentialMovingAverage,
  flatten,
  input,
  lbfgs,
  lookahead,
  type Model,
  maxPool2d,
  type OptimizerName,
  OutOfMemoryError,
  type Profile,
  sequential,
  sgd,
  UnsupportedError,
} from "../../src/index.ts";
import { Twin } from "../../src/model/profile/twin.ts";
import { toExamples } from "../../src/rows/examples.ts";
import { numbers, rejectionOf, rowsOf, turnOfTheLoop, weightBits } from "../given/models.ts";

const ROWS = 24;
const data = { x: rowsOf(ROWS, 6), y: rowsOf(ROWS, 1).map((_, i) => i % 3) };
const network = () =>
  sequential(
    input(6),
    dense(16, "gelu"),
    batchNorm(),
    dropout(0.25),
    dense(5, { activation: "tanh", kernelConstraint: "unitNorm" }),
    dense(3, "softmax"),
  );
const models: Model[] = [];
afterEach(() => {
  vi.unstubAllGlobals();
  for (const model of models.splice(0)) model.dispose();
});

async function ready(options: Partial<CompileOptions> = {}, layers = network()): Promise<Model> {
  const model = await compile(layers, {
    ...{ loss: "crossEntropy", optimizer: adam(), metrics: ["accuracy"], seed: 4 },
    ...(options as object),
  });
  models.push(model as Model);
  return model as Model;
}

const work = ({ instructions }: Profile) =>
  instructions.map(({ instruction, layer, stage, multiplications, bytes }) =>
    [instruction, layer, stage, multiplications, bytes].join(" "),
  );

describe("a profile", () => {
  it("has each instruction of the step, in its order, by what it does", async () => {
    const layers = sequential(input(6), dense(16, "relu"), dense(3, "softmax"));
    const model = await ready({ optimizer: sgd({ momentum: 0.9 }), metrics: [] }, layers);
    const profile = await model.profile(data, { batchSize: 8 });
    const [hidden, out] = [8 * 6 * 16, 8 * 16 * 3];
    // Floats of operands, from the shapes: [8, 6], [6, 16], …
    expect(profile.rows).toBe(8);
    expect(work(profile)).toEqual([
      `Gather input forward 0 ${4 * (48 + 48)}`,
      `Matmul dense forward ${hidden} ${4 * (48 + 96 + 16 + 128)}`,
      `Matmul dense_2 forward ${out} ${4 * (128 + 48 + 3 + 24)}`,
      `Gather target forward 0 ${4 * 8 + 4 * 8}`,
      `CrossEntropy loss forward 0 ${4 * (24 + 8 + 8)}`,
      `MeanInner loss forward 0 ${4 * (8 + 1)}`,
      "Report loss forward 0 4",
      "Fill loss backward 0 4",
      `Broadcast loss backward 0 ${4 * (1 + 8)}`,
      `CrossEntropyGrad loss backward 0 ${4 * (24 + 8 + 8 + 24)}`,
      `SumOuter dense_2 backward 0 ${4 * (24 + 3)}`,
      `Matmul dense_2 backward ${out} ${4 * (128 + 24 + 48)}`,
      `Matmul dense_2 backward ${out} ${4 * (24 + 48 + 128)}`,
      `ReluGrad dense backward 0 ${4 * (128 + 128 + 128)}`,
      `SumOuter dense backward 0 ${4 * (128 + 16)}`,
      `Matmul dense backward ${hidden} ${4 * (48 + 128 + 96)}`,
      expect.stringMatching(/^GradientNorm gradient update 0 /),
      expect.stringMatching(/^Sgd sgd update 0 /),
    ]);
  });

  it("has times, shares and sums that belong together", async () => {
    const { instructions, layers, milliseconds, peak } = await (await ready()).profile(data);
    expect(milliseconds).toBeGreaterThan(0);
    for (const one of instructions) {
      expect(one.milliseconds).toBeGreaterThan(0);
      const rate = (one.multiplications * 1000) / one.milliseconds;
      if (one.multiplications === 0) expect(one.share).toBeUndefined();
      else expect(one.share).toBeCloseTo(rate / (peak as number), 10);
    }
    const sum = (all: readonly number[]) => all.reduce((a, b) => a + b, 0);
    for (const { layer, forward, backward, update, ...all } of layers) {
      const own = instructions.filter((one) => one.layer === layer);
      expect(forward + backward + update).toBeCloseTo(all.milliseconds, 10);
      expect(all.milliseconds).toBeCloseTo(sum(own.map((one) => one.milliseconds)), 10);
      expect(all.bytes).toBe(sum(own.map(({ bytes }) => bytes)));
      expect(all.multiplications).toBe(sum(own.map(({ multiplications }) => multiplications)));
    }
    expect(layers.map(({ layer }) => layer)).toContain("batchNorm/movingMean");
  });

  it("counts what running averages move towards as update, and what is computed again as backward", async () => {
    const profile = await (await ready()).profile(data);
    const stages = (name: string, layer: string) =>
      profile.instructions
        .filter((one) => one.instruction === name && one.layer === layer)
        .map(({ stage }) => stage);
    expect(stages("MeanOuter", "batchNorm")).toEqual(["update", "update"]);
    expect(stages("NormalizeOuter", "batchNorm")).toEqual(["forward"]);
    expect(stages("Dropout", "dropout")).toEqual(["forward", "backward"]);
  });

  it("prints as tables", async () => {
    const text = String(await (await ready()).profile(data));
    const lines = text.split("\n");
    expect(lines[0]).toMatch(/^a step of 24 rows takes [\d.]+ ms; the peak is [\d.]+ billion multiplic/);
    expect(text).toMatch(
      /\nlayer +forward +backward +update +ms +of time +multiplications +bytes +of peak\n/,
    );
    expect(text).toMatch(/\ntotal .* 100\.0 % /);
    expect(text).toMatch(/\n 1 {2}Matmul +dense +forward +[\d.]+ +[\d.]+ % +2304 +\d+ +[\d.]+ %\n/);
    expect(new Set(lines.slice(3, 12).map((line) => line.length)).size).toBeLessThanOrEqual(2);
  });

  it("is of predict where there is no loss, of convolutions too", async () => {
    const layers = sequential(
      input([6, 6, 2]),
      conv2d(4, 3, { activation: "relu" }),
      maxPool2d(),
      flatten(),
      dense(2),
    );
    const model = (await compile(layers)) as Model;
    models.push(model);
    const profile = await model.profile({ x: new Uint8Array(5 * 72).fill(3) });
    const [gather, convolution] = profile.instructions;
    expect([gather?.bytes, convolution?.multiplications]).toEqual([5 * 72 * 5, 5 * 16 * 4 * 9 * 2]);
    expect(new Set(profile.instructions.map(({ stage }) => stage))).toEqual(new Set(["forward"]));
  });
});

const optimizers: readonly OptimizerName[] = [
  ...(["sgd", "adam", "adamW", "adamax", "nadam", "radam", "adagrad"] as const),
  ...(["rmsprop", "adadelta", "lion", "lbfgs"] as const),
];

describe("a model that was profiled", () => {
  it.each([
    ["in this thread", {}],
    ["in a worker", { worker: true }],
  ])("%s has not a bit that is another, and trains on to the same bits", async (_, options) => {
    const [plain, profiled] = [await ready(options), await ready(options)];
    for (const model of [plain, profiled]) await model.fit(data, { epochs: 2, batchSize: 8, maxSteps: 4 });
    const before = profiled.snapshot();
    await profiled.profile(data, { batchSize: 5 });
    expect(profiled.snapshot()).toEqual(before);
    expect(profiled.memory).toEqual(plain.memory);
    for (const model of [plain, profiled]) await model.fit(data, { epochs: 4, batchSize: 8, resume: true });
    expect(profiled.snapshot()).toEqual(plain.snapshot());
  });

  it("while it trains has the bits of one that was not", async () => {
    const [plain, profiled] = [await ready(), await ready()];
    let profile: Profile | undefined;
    await plain.fit(data, { epochs: 6, batchSize: 8 });
    const onEpoch = async ({ epoch }: { epoch: number }) => {
      if (epoch === 3) profile = await profiled.profile(data);
    };
    await profiled.fit(data, { epochs: 6, batchSize: 8, onEpoch });
    expect(profile?.instructions.length).toBeGreaterThan(20);
    expect(weightBits(profiled)).toEqual(weightBits(plain));
  });
});

describe("an instruction that is repeated", () => {
  const clipped = { clipNorm: 0.01, clipValue: 0.1 };
  it.each([
    ...optimizers.map((optimizer) => [optimizer, { optimizer, ...clipped }] as const),
    ["lookahead", { optimizer: lookahead(adamW(), { period: 1 }) }],
    ["exponentialMovingAverage", { optimizer: exponentialMovingAverage(sgd({ momentum: 0.5 })) }],
    ["lbfgs that has begun", { optimizer: lbfgs({ history: 3 }) }],
  ] as const)("leaves what one run leaves, with %s", async (_, options) => {
    const model = await ready(options as Partial<CompileOptions>);
    await model.fit(data, { epochs: 3, shuffle: false, batchSize: ROWS });
    const examples = toExamples("test", data, model.state.shapes);
    const twins = [];
    for (let i = 0; i < 2; i++) twins.push(await Twin.open(model.state, examples, ROWS));
    const [whole, single] = twins as [Twin, Twin];
    const all = ({ machine: { layout, port } }: Twin) => {
      const { parameters, scratch } = layout.bases;
      return port.view(parameters, (scratch - parameters) / 4);
    };
    // What a step needs is in the memory, and nothing of what it makes.
    single.steps(1);
    single.reset();
    const { arena, gradients, slots } = single.machine.layout.bases;
    for (const [from, to] of [
      [arena, single.machine.layout.bases.scratch],
      [gradients, slots],
    ] as const) {
      single.machine.port.view(from, (to - from) / 4).fill(0);
    }
    whole.steps(1);
    for (const one of single.instructions) {
      const read = () =>
        one.kind.reads.map((field) => {
          const place = one.operands[field] ?? null;
          return place !== null && isPlace(place)
            ? String(single.machine.floats(place, floatsOf(place, ROWS)))
            : "";
        });
      const before = read();
      single.perform(one, ROWS, (run) => [run(1), run(70), run(200)]);
      // What has no result changes no operand but those that it is said to write.
      const changed = one.kind.reads.filter((_, i) => one.kind.result === null && read()[i] !== before[i]);
      expect(changed.filter((field) => !writtenBy(one).includes(field))).toEqual([]);
    }
    const bits = (twin: Twin) => {
      const { buffer, byteOffset, length } = all(twin);
      return new Uint32Array(buffer, byteOffset, length).slice();
    };
    expect(single.instructions).toHaveLength(model.disassemble("train").split("\n").length);
    expect(whole.machine.program.methods[Method.Train]).toHaveLength(single.instructions.length);
    expect(bits(single)).toEqual(bits(whole));
  });
});

describe("profile refuses", () => {
  it("where the clock stands still", async () => {
    const model = await ready();
    vi.stubGlobal("performance", { now: () => 7 });
    const error = await rejectionOf(model.profile(data));
    expect(error).toBeInstanceOf(UnsupportedError);
    expect((error as Error).message).toContain("the clock stands still while code runs here, as in workerd");
  });

  it("batches, and a batchSize or a signal that is none", async () => {
    const model = await ready();
    const wrong = (value: unknown) => value as never;
    const words = async (promise: Promise<unknown>) => ((await rejectionOf(promise)) as Error).message;
    expect(await rejectionOf(model.profile(wrong([data])))).toBeInstanceOf(DataError);
    expect(await words(model.profile(wrong([data])))).toContain("needs arrays, as { x, y }");
    expect(await words(model.profile(data, { batchSize: 0 }))).toContain("profile: batchSize is 0");
    expect(await words(model.profile(data, { signal: wrong(5) }))).toContain("profile: signal is 5");
    expect(await words(model.profile(wrong(data.x), wrong(data.y)))).toContain("profile({ x, y }, options)");
  });

  it("a model that was disposed, a loss that is not finite, and a plan that has no room", async () => {
    const gone = await ready();
    gone.dispose();
    expect(await rejectionOf(gone.profile(data))).toBeInstanceOf(DisposedError);
    const model = await ready();
    model.setWeights({ "dense/kernel": numbers(96).map(() => 3e38) });
    expect(await rejectionOf(model.profile(data))).toBeInstanceOf(DivergedError);
    const small = await ready({ memoryLimit: (await ready()).memory.planned + 200 });
    const many = { x: rowsOf(5000, 6), y: rowsOf(5000, 1).map(() => 0) };
    expect(await rejectionOf(small.profile(many, { batchSize: 5000 }))).toBeInstanceOf(OutOfMemoryError);
  });

  it("to go on when its signal aborts, and leaves the event loop free", async () => {
    const model = await ready();
    const controller = new AbortController();
    const reason = new Error("enough");
    void turnOfTheLoop().then(() => controller.abort(reason));
    expect(await rejectionOf(model.profile(data, { signal: controller.signal }))).toBe(reason);
  });
});

it("a coarse clock is waited for until each time counts", async () => {
  const { performance } = globalThis;
  vi.stubGlobal("performance", { now: () => Math.floor(performance.now() * 2) / 2 });
  const layers = sequential(input(6), dense(3, "softmax"));
  const profile = await (await ready({ metrics: [] }, layers)).profile(data);
  for (const { milliseconds } of profile.instructions) {
    expect(milliseconds).toBeGreaterThan(0);
    expect(milliseconds).toBeLessThan(0.5);
  }
});
