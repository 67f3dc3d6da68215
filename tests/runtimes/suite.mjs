// What must hold in every runtime, without a test framework: each check throws when it does not. The package's entries
// are arguments, so that a bundle can give what its bundler made of them.

import { checkRefusal, FAMILIES, FAMILIES_HASH, familiesHash } from "./families.mjs";
import { LONG_SUMS_HASH, longSumsHash } from "./longSums.mjs";
import { MAPS_HASH, mapsHash } from "./maps.mjs";
import { goOn, randomSteps, takeSnapshots } from "./moves.mjs";
import { TRAINER_HASH, trainerHash } from "./trainer.mjs";
import {
  FIT_OPTIONS,
  FUNCTIONS_FIT_OPTIONS,
  FUNCTIONS_HASH,
  functionsData,
  functionsModel,
  TRAINED_HASH,
  trainingBatches,
  trainingData,
  trainingModel,
  weightHash,
} from "./training.mjs";

function equal(what, got, needed) {
  if (Object.is(got, needed)) return;
  throw new Error(`${what}: got ${String(got)}; needs ${String(needed)}`);
}

/** The error that `act` throws or rejects with. */
async function errorOf(what, act) {
  try {
    await act();
  } catch (error) {
    return error;
  }
  throw new Error(`${what}: no error`);
}

async function throws(what, act, type, part) {
  const error = await errorOf(what, act);
  if (!(error instanceof type))
    throw new Error(`${what}: threw ${error?.stack ?? error}; needs ${type.name}`);
  equal(`${what}: name`, error.name, type.name);
  if (!error.message.includes(part)) throw new Error(`${what}: says "${error.message}"; needs "${part}"`);
}

/** A check takes what runSuite is given, and answers false where it misses something of it. */
const checks = {
  async "trains to the same bits"({ wasmgrad, report }) {
    const model = await trainingModel(wasmgrad);
    await model.fit(trainingData(), FIT_OPTIONS);
    report.hash = await weightHash(model);
    equal("weights", report.hash, TRAINED_HASH);
  },

  async "trains through every family of functions to the same bits"({ wasmgrad, ops }) {
    if (ops === undefined) return false;
    const model = await functionsModel(wasmgrad, ops);
    const reports = await model.fit(functionsData(), FUNCTIONS_FIT_OPTIONS);
    if (!(reports.at(-1).loss < reports[0].loss)) throw new Error("the loss does not fall");
    equal("weights", await weightHash(model), FUNCTIONS_HASH);
  },

  async "trains by every optimizer, normalization and schedule to the same bits"({ wasmgrad }) {
    equal("weights", await trainerHash(wasmgrad), TRAINER_HASH);
  },

  async "trains with sums in many chunks to the same bits"({ wasmgrad }) {
    equal("weights", await longSumsHash(wasmgrad), LONG_SUMS_HASH);
  },

  async "trains convolutions and pooling to the same bits"({ wasmgrad }) {
    equal("weights", await mapsHash(wasmgrad), MAPS_HASH);
  },

  async "loads the families that a network names, and trains to the same bits"({ wasmgrad }) {
    equal("weights", await familiesHash(wasmgrad), FAMILIES_HASH);
  },

  async predicts({ wasmgrad }) {
    const { dense, input, sequential } = wasmgrad;
    const model = await wasmgrad.compile(sequential(input(3), dense(2)));
    model.setWeights({ "dense/kernel": [1, 2, 3, 4, 5, 6], "dense/bias": [0.5, -0.5] });
    // [1, 0, −1] · W + b = [1 − 5 + 0.5, 2 − 6 − 0.5], and [0, 1, 0] picks the second row.
    equal(
      "outputs",
      (
        await model.predict([
          [1, 0, -1],
          [0, 1, 0],
        ])
      ).join(),
      "-3.5,-4.5,3.5,3.5",
    );
  },

  async "learns what it is shown"({ wasmgrad }) {
    const model = await trainingModel(wasmgrad);
    const reports = await model.fit(trainingData(), FIT_OPTIONS);
    equal("epochs", reports.length, FIT_OPTIONS.epochs);
    const [first, last] = [reports[0].loss, reports.at(-1).loss];
    if (!(last < first / 2)) throw new Error(`loss: from ${first} to ${last}; needs less than half`);
  },

  async "stops at a signal with the weights of a whole step"({ wasmgrad }) {
    const model = await trainingModel(wasmgrad);
    const stop = new AbortController();
    const reason = new Error("enough");
    const onStep = ({ step }) => step === 50 && stop.abort(reason);
    const error = await errorOf("fit", () =>
      model.fit(trainingData(), { ...FIT_OPTIONS, signal: stop.signal, onStep }),
    );
    equal("reason", error, reason);
    await model.fit(trainingData(), { ...FIT_OPTIONS, resume: true });
    equal("weights", await weightHash(model), TRAINED_HASH);
  },

  async "goes on from a snapshot in another model"({ wasmgrad }) {
    const data = trainingData();
    for (const steps of [1, 20, 73]) {
      const before = await trainingModel(wasmgrad);
      await before.fit(data, { ...FIT_OPTIONS, maxSteps: steps });
      const after = await trainingModel(wasmgrad);
      after.restore(before.snapshot());
      await after.fit(data, { ...FIT_OPTIONS, resume: true });
      equal(`weights when stopped after ${steps} steps`, await weightHash(after), TRAINED_HASH);
    }
  },

  async "goes on from where another runtime stopped"({ wasmgrad, snapshots, report }) {
    if (snapshots === undefined) return false;
    for (const snapshot of snapshots) await goOn(wasmgrad, snapshot);
    // The way back is for whoever reads the report.
    report.snapshots = await takeSnapshots(wasmgrad, randomSteps(3));
  },

  async "trains in a worker to the same bits, or says that there is none"({ wasmgrad, worker }) {
    if (worker === undefined) return false;
    if (worker === "none") {
      const compiled = () => trainingModel(wasmgrad, { worker: true });
      await throws("no workers", compiled, wasmgrad.WorkerError, "Leave it out: fit yields to other tasks");
      return true;
    }
    const model = await trainingModel(wasmgrad, { worker });
    await model.fit(trainingData(), FIT_OPTIONS);
    equal("weights", await weightHash(model), TRAINED_HASH);
    const step = model.predict([[1, 2, 3]]);
    await throws("no row", () => step, wasmgrad.DataError, "predict");
    model.dispose();
    equal("weights of families posted to it", await familiesHash(wasmgrad, { worker }), FAMILIES_HASH);
    return true;
  },

  async "trains on a stream to the bits of arrays"({ wasmgrad }) {
    const data = trainingData();
    const arrays = await trainingModel(wasmgrad);
    await arrays.fit(data, { epochs: 2, batchSize: 32, shuffle: false });
    const stream = await trainingModel(wasmgrad);
    await stream.fit(
      async function* () {
        for (const batch of trainingBatches(data, 32)) {
          await Promise.resolve();
          yield batch;
        }
      },
      { epochs: 2, batchSize: 32 },
    );
    equal("weights", await weightHash(stream), await weightHash(arrays));
  },

  async "throws errors of their classes, who says what"({ wasmgrad }) {
    const { compile, dense, input, sequential, ShapeError, DataError, OptionError, FormatError } = wasmgrad;
    const network = sequential(input(2), dense(1));
    const model = await compile(network, { loss: "meanSquaredError" });
    const unknown = () => compile(network, { optimiser: "adam" });
    await throws(
      "unknown option",
      unknown,
      OptionError,
      'there is no option "optimiser". Did you mean "optimizer"?',
    );
    await throws("no number", () => model.fit({ x: [[1, Number.NaN]], y: [1] }), DataError, "NaN");
    await throws("no rows", () => model.predict([[1, 2, 3]]), DataError, "predict");
    await throws("weights", () => model.setWeights({ "dense/bias": [1, 2] }), ShapeError, "dense/bias");
    await throws("snapshot", () => model.restore(new Uint8Array(9)), FormatError, "restore");
    await throws("memory", () => compile(network, { memoryLimit: 1 }), wasmgrad.OutOfMemoryError, "memory");
    model.dispose();
    await throws("disposed", () => model.predict([[1, 2]]), wasmgrad.DisposedError, "disposed");
  },

  async "takes the fast build where there is one"({ wasmgrad }) {
    const model = await trainingModel(wasmgrad, { precision: "fast" });
    const [{ loss }] = await model.fit(trainingData(), { batchSize: 32 });
    equal("loss is a number", Number.isFinite(loss), true);
  },

  async "differentiates functions and proves gradients"({ wasmgrad, ops, autodiff }) {
    if (ops === undefined || autodiff === undefined) return false;
    const norm = await autodiff.compileFunction((x) => ops.sqrt(ops.sum(ops.square(x))), {
      inputs: [2],
      gradients: true,
    });
    const { value, gradients } = norm([3, 4]);
    equal("norm", value[0], 5);
    equal("gradient", gradients.join(), [Math.fround(0.6), Math.fround(0.8)].join());
    const { customLayer, input, sequential } = wasmgrad;
    const double = customLayer({ kind: "double", build: ([x]) => ops.multiply(x, 2) });
    const model = await wasmgrad.compile(sequential(input(1), double), {});
    equal("a layer of ops", (await model.predict([[21]])).join(), "42");
  },

  async "prepares data, streams it and scores what comes of it alike"({ wasmgrad, data, metrics }) {
    if (data === undefined || metrics === undefined) return false;
    const words = data.hashingEncoder({ size: 1000, output: "buckets", seed: 42 }).fit(["foo"]);
    // MurmurHash3 of "foo" by seed 42 is −1322301282, as scikit-learn's tests have it.
    equal("bucket", words.transform(["foo"])[0], 282);
    const people = data.columns({ age: data.standardScaler(), color: data.oneHotEncoder() });
    const x = people.fitTransform([
      { age: 20, color: "red" },
      { age: 40, color: "blue" },
    ]);
    equal("columns", x.join(), "-1,0,1,1,1,0");
    const { x: rows, y } = trainingData();
    const inBatches = await trainingModel(wasmgrad);
    await inBatches.fit(data.Dataset.fromArrays({ x: rows, y }, { rows: y.length }).batch(32).prefetch(2), {
      epochs: 2,
    });
    const inArrays = await trainingModel(wasmgrad);
    await inArrays.fit({ x: rows, y }, { epochs: 2, batchSize: 32, shuffle: false });
    equal("weights", await weightHash(inBatches), await weightHash(inArrays));
    equal("accuracy", metrics.accuracy([0, 1, 2, 2], [0, 1, 2, 1]), 0.75);
  },

  async "takes an engine and families that the caller brings"({ core, engine, isRegistered }) {
    if (core === undefined || engine === undefined) return false;
    const model = await trainingModel(core, { engine: await engine("core") });
    await model.fit(trainingData(), FIT_OPTIONS);
    equal("weights", await weightHash(model), TRAINED_HASH);
    const brought = FAMILIES.map(async (name) => [name, await engine(name)]);
    const options = {
      engine: await engine("core"),
      families: Object.fromEntries(await Promise.all(brought)),
    };
    equal("weights by families", await familiesHash(core, options), FAMILIES_HASH);
    if (isRegistered) return true;
    await checkRefusal(core, { engine: await engine("core") });
    const noEngine = () => core.compile(core.sequential(core.input(1), core.dense(1)), {});
    await throws("no engine", noEngine, core.OptionError, "there is no engine");
    return true;
  },
};

/** @returns the milliseconds from `started`, the time before the package was imported, to the end of a first step */
export async function firstStep(wasmgrad, started = performance.now()) {
  const model = await trainingModel(wasmgrad);
  await model.fit(trainingData(), { ...FIT_OPTIONS, maxSteps: 1 });
  return performance.now() - started;
}

/**
 * @param given the package's entries by name; `engine`, a function that gives what `wasmgrad/core` takes as a module of
 *   that name; `isRegistered`, where the program imports all registrations; `snapshots` of a training that another
 *   runtime began; `worker`, as `compile` takes it, or "none" where there are no workers
 * @returns { hash, passed, failures, snapshots }: what a runtime reports as JSON
 */
export async function runSuite(given) {
  const report = { hash: "none", passed: 0, failures: [] };
  for (const [name, check] of Object.entries(checks)) {
    try {
      if ((await check({ ...given, report })) !== false) report.passed++;
    } catch (error) {
      report.failures.push(`${name}: ${error?.message ?? error}`);
    }
  }
  return report;
}
