/** Training that stops anywhere and goes on elsewhere ends in the bits of a training that was not stopped. */
import { describe, expect, it } from "vitest";
import {
  adam,
  type Batches,
  compile,
  customLayer,
  DataError,
  dense,
  dropout,
  type FitOptions,
  FormatError,
  input,
  type Model,
  OptionError,
  sequential,
  sgd,
} from "../../src/index.ts";
import { oneHot, reshape } from "../../src/ops/index.ts";
import { chanceOf } from "../cases/domains.ts";
import { rowsOf, weightBits } from "../given/models.ts";

const network = () => sequential(input(6), dense(8, "relu"), dropout(0.25), dense(3));
const settings = { loss: "meanSquaredError", optimizer: adam({ learningRate: 0.01 }), seed: 5 } as const;
const model = () => compile(network(), settings);

const ROWS = 45;
const data = { x: rowsOf(ROWS, 6), y: rowsOf(ROWS, 3, 2) };
/** Steps of ten rows, the last of five: five an epoch. */
const STEPS_PER_EPOCH = 5;
const EPOCHS = 4;
const base: FitOptions = { epochs: EPOCHS, batchSize: 10 };

const stream = (): Batches =>
  (function* () {
    for (let row = 0; row < ROWS; row += 10) {
      yield { x: data.x.slice(row, row + 10), y: data.y.slice(row, row + 10) };
    }
  })();

/** Trains in pieces of so many steps, each in a model of its own that knows the last one's snapshot only. */
async function inPieces(
  given: typeof data | (() => Batches),
  options: FitOptions,
  pieces: readonly number[],
) {
  let last = await model();
  let reports = await last.fit(given, { ...options, maxSteps: pieces[0]! });
  for (const maxSteps of pieces.slice(1)) {
    const snapshot = last.snapshot();
    last = await model();
    last.restore(snapshot);
    const more = await last.fit(given, { ...options, maxSteps, resume: true });
    reports = [...reports, ...more];
  }
  return { last, reports };
}

const shown = (reports: Awaited<ReturnType<Model["fit"]>>) =>
  reports.map(({ epoch, loss, steps, learningRate }) => ({ epoch, loss, steps, learningRate }));

describe("a training in pieces", () => {
  it.each<[string, typeof data | (() => Batches), FitOptions]>([
    ["of arrays", data, base],
    ["of arrays in order", data, { ...base, shuffle: false }],
    ["of arrays that pass through memory", data, { ...base, dataMemory: 20 * 9 * 4 }],
    ["of a stream", stream, { epochs: EPOCHS }],
    ["in micro-batches", data, { ...base, accumulate: 2 }],
    ["that is watched", data, { ...base, onStep: () => undefined }],
    ["of full batches", data, { ...base, batchSize: ROWS }],
  ])("%s ends in the same bits and reports, wherever it is cut", async (_, given, options) => {
    const whole = await model();
    const expected = await whole.fit(given, options);
    const steps = EPOCHS * (options.batchSize === ROWS ? 1 : STEPS_PER_EPOCH);
    const chance = chanceOf(11);
    for (let trial = 0; trial < 8; trial++) {
      const first = 1 + Math.floor(chance() * (steps - 2));
      const second = 1 + Math.floor(chance() * (steps - first - 1));
      const { last, reports } = await inPieces(given, options, [first, second, steps]);
      expect(weightBits(last), `${first}, ${second}`).toEqual(weightBits(whole));
      expect(shown(reports), `${first}, ${second}`).toEqual(shown(expected));
    }
  });

  it("goes on after an abort in the midst of an epoch, in the same model", async () => {
    const whole = await model();
    await whole.fit(data, base);
    const stopped = await model();
    const controller = new AbortController();
    const onStep = ({ step }: { step: number }) => step === 6 && controller.abort();
    await expect(stopped.fit(data, { ...base, onStep, signal: controller.signal })).rejects.toThrow();
    await stopped.fit(data, { ...base, resume: true });
    expect(weightBits(stopped)).toEqual(weightBits(whole));
  });

  it("reports an epoch whose last step was made before as any other", async () => {
    const whole = await model();
    const expected = await whole.fit(data, base);
    const stopped = await model();
    const onStep = ({ step }: { step: number }) => {
      if (step === STEPS_PER_EPOCH - 1) throw new Error("enough");
    };
    await expect(stopped.fit(data, { ...base, onStep })).rejects.toThrow("enough");
    const reports = await stopped.fit(data, { ...base, resume: true });
    expect(shown(reports)).toEqual(shown(expected));
    expect(reports[0]?.samplesPerSecond).toBe(0);
  });

  it("goes on behind the steps before an index that there is not", async () => {
    const layer = () => customLayer({ kind: "oneHot", build: ([x]) => oneHot(reshape(x, [-1]), 9) });
    const build = () => compile(sequential(input(1), layer(), dense(2)), settings);
    const good = { x: Float32Array.from({ length: 64 }, (_, i) => i % 9), y: rowsOf(64, 2) };
    const bad = { ...good, x: good.x.with(53, 99) };
    const options = { epochs: 2, batchSize: 4, shuffle: false };
    for (const accumulate of [1, 2]) {
      const whole = await build();
      await whole.fit(good, { ...options, accumulate });
      const stopped = await build();
      await expect(stopped.fit(bad, { ...options, accumulate })).rejects.toThrow(DataError);
      await stopped.fit(good, { ...options, accumulate, resume: true });
      expect(weightBits(stopped)).toEqual(weightBits(whole));
    }
  });

  it("may be cut in a callback: the snapshot has the weights of that step", async () => {
    const whole = await model();
    const snapshots: Uint8Array[] = [];
    await whole.fit(data, { ...base, onStep: () => void snapshots.push(whole.snapshot()) });
    expect(snapshots).toHaveLength(EPOCHS * STEPS_PER_EPOCH);
    for (const step of [0, 4, 5, 13, 18]) {
      const other = await model();
      other.restore(snapshots[step]!);
      await other.fit(data, { ...base, resume: true });
      expect(weightBits(other), `after step ${step}`).toEqual(weightBits(whole));
    }
  });

  it("goes on after its end with new epochs, as the model itself would", async () => {
    const whole = await model();
    await whole.fit(data, base);
    const other = await model();
    other.restore(whole.snapshot());
    await whole.fit(data, base);
    await other.fit(data, base);
    expect(weightBits(other)).toEqual(weightBits(whole));
  });
});

/** The message with which something is refused; the class is checked. */
function refusal(type: new (...args: never[]) => Error, run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(type);
    return (error as Error).message;
  }
  throw new Error("was not refused");
}

describe("a snapshot", () => {
  it("is refused when it is cut short or foreign, and changes nothing", async () => {
    const one = await model();
    await one.fit(data, base);
    const good = one.snapshot();
    const other = await model();
    const before = weightBits(other);
    const refuse = (bytes: unknown) => refusal(FormatError, () => other.restore(bytes as Uint8Array));
    for (const length of [0, 3, 8]) {
      expect(refuse(good.slice(0, length))).toContain("no safetensors file");
    }
    for (const length of [12, 100, good.length - 4, good.length - 1]) {
      expect(refuse(good.slice(0, length))).toContain("cut short");
    }
    expect(refuse(new Uint8Array(64))).toContain("these 64 bytes are no safetensors file");
    expect(weightBits(other)).toEqual(before);
    other.restore(good.buffer);
    expect(weightBits(other)).toEqual(weightBits(one));
  });

  it("of frozen layers needs them frozen", async () => {
    const frozen = await model();
    frozen.freeze("dense");
    const other = await model();
    expect(refusal(FormatError, () => other.restore(frozen.snapshot()))).toContain(
      "slots of dense/kernel is 0 in the snapshot, 2 here",
    );
    other.freeze("dense");
    other.restore(frozen.snapshot());
    expect(weightBits(other)).toEqual(weightBits(frozen));
  });

  it("lies unaligned in a buffer as well as anywhere", async () => {
    const one = await model();
    await one.fit(data, base);
    const good = one.snapshot();
    const shifted = new Uint8Array(good.length + 3);
    shifted.set(good, 3);
    const other = await model();
    other.restore(shifted.subarray(3));
    expect(weightBits(other)).toEqual(weightBits(one));
  });
});

describe("resume", () => {
  it("is refused when there is nothing to go on with, or when data or options differ", async () => {
    const one = await model();
    await expect(one.fit(data, { ...base, resume: true })).rejects.toThrow("there is no training to resume");
    await one.fit(data, { ...base, maxSteps: 7 });
    const fewer = { x: data.x.slice(1), y: data.y.slice(1) };
    const refusals: [typeof data, FitOptions, string][] = [
      [fewer, {}, "resume: the data is arrays of 44 rows, and was arrays of 45 rows"],
      [data, { batchSize: 9 }, "resume: batchSize is 9, and was 10"],
      [data, { accumulate: 2 }, "resume: accumulate is 2, and was 1"],
      [data, { shuffle: false }, "resume: shuffle is false, and was true"],
    ];
    for (const [given, options, says] of refusals) {
      const attempt = one.fit(given, { ...base, resume: true, ...options });
      await expect(attempt).rejects.toThrow(OptionError);
      await expect(one.fit(given, { ...base, resume: true, ...options })).rejects.toThrow(says);
    }
    const reports = await one.fit(data, { ...base, resume: true });
    expect(reports.map(({ epoch }) => epoch)).toEqual([2, 3, 4]);
    // All epochs are done: nothing is left, until more are asked for.
    const done = weightBits(one);
    expect(await one.fit(data, { ...base, resume: true })).toEqual([]);
    expect(weightBits(one)).toEqual(done);
    const more = await one.fit(data, { ...base, epochs: EPOCHS + 2, resume: true });
    expect(more.map(({ epoch }) => epoch)).toEqual([5, 6]);
    const whole = await model();
    await whole.fit(data, { ...base, epochs: EPOCHS + 2 });
    expect(weightBits(one)).toEqual(weightBits(whole));
  });

  it("is refused for a stream whose batches are others", async () => {
    const batches = (size: number, rows: number) =>
      function* () {
        for (let row = 0; row < rows; row += size) {
          yield { x: data.x.slice(row, row + size), y: data.y.slice(row, row + size) };
        }
      };
    const one = await model();
    await one.fit(stream, { epochs: 2, maxSteps: 3 });
    const before = weightBits(one);
    const resume = { epochs: 2, resume: true };
    await expect(one.fit(batches(9, 45), resume)).rejects.toThrow(
      "ends 6 rows behind where training stopped",
    );
    await expect(one.fit(batches(10, 20), resume)).rejects.toThrow(DataError);
    await expect(one.fit(batches(10, 20), resume)).rejects.toThrow(
      "ends 10 rows before where training stopped",
    );
    expect(weightBits(one)).toEqual(before);
    const whole = await model();
    await whole.fit(stream, { epochs: 2 });
    await one.fit(stream, resume);
    expect(weightBits(one)).toEqual(weightBits(whole));
  });

  it("takes options of their kind only", async () => {
    const one = await model();
    await expect(one.fit(data, { maxSteps: 0 })).rejects.toThrow(
      "maxSteps is 0; needs an integer of at least 1",
    );
    await expect(one.fit(data, { resume: 1 as never })).rejects.toThrow("resume is 1; needs true or false");
  });
});

describe("the weights of a snapshot alone", () => {
  it("go into a model of the same network that only predicts, with another seed, optimizer and frozen layers", async () => {
    const trained = await model();
    await trained.fit(data, base);
    const snapshot = trained.snapshot({ attachments: { unit: "m" } });
    const serving = await compile(network(), { seed: 9 });
    serving.freeze("dense");
    expect(serving.restore(snapshot, { weightsOnly: true })).toEqual({ attachments: { unit: "m" } });
    expect(weightBits(serving)).toEqual(weightBits(trained));
    expect(await serving.predict(data.x)).toEqual(await trained.predict(data.x));
    const other = await compile(network(), { ...settings, optimizer: sgd({ momentum: 0.9 }) });
    other.restore(snapshot, { weightsOnly: true });
    expect(weightBits(other)).toEqual(weightBits(trained));
    expect(() => other.restore(snapshot)).toThrow(FormatError);
  });

  it("leave what the optimizer keeps and how far training has come", async () => {
    const [source, target, plain] = [await model(), await model(), await model()];
    await source.fit(data, { ...base, epochs: 1 });
    for (const one of [target, plain]) await one.fit(data, { ...base, maxSteps: 7 });
    target.restore(source.snapshot(), { weightsOnly: true });
    plain.setWeights(source.weights());
    for (const one of [target, plain]) await one.fit(data, { ...base, resume: true });
    expect(weightBits(target)).toEqual(weightBits(plain));
  });

  it("are refused by another network, and with a misspelled option", async () => {
    const snapshot = (await model()).snapshot();
    const other = await compile(sequential(input(6), dense(7), dense(3)));
    const before = weightBits(other);
    expect(() => other.restore(snapshot, { weightsOnly: true })).toThrow("dense/kernel is [6, 8]");
    expect(weightBits(other)).toEqual(before);
    expect(() => other.restore(snapshot, { weightOnly: true } as object)).toThrow(
      'Did you mean "weightsOnly"?',
    );
  });
});
