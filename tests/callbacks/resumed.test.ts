/**
 * A training that dies at whatever step goes on from its last checkpoint, in new objects that know the store only, and ends in the
 * bits of one that was not stopped: its callbacks too. `npm run test:deep` lets it die at a hundred steps.
 */
import { describe, expect, it } from "vitest";
import { Dataset } from "../../src/data/index.ts";
import {
  adam,
  batchNorm,
  type Callback,
  checkpoint,
  compile,
  cosineDecay,
  dense,
  dropout,
  type Every,
  earlyStopping,
  type FitOptions,
  input,
  type Model,
  reduceOnPlateau,
  type Store,
  sequential,
  sgd,
  warmup,
} from "../../src/index.ts";
import { memoryStore, readCheckpoint } from "../../src/io/index.ts";
import { chanceOf } from "../cases/domains.ts";
import { howMany } from "../given/depth.ts";
import { bitsOf, rowsOf, weightBits } from "../given/models.ts";

const ROWS = 45;
const x = rowsOf(ROWS, 6);
const y = rowsOf(ROWS, 3, 2);
const validation = { x: rowsOf(12, 6, 5), y: rowsOf(12, 3, 7) };
const EPOCHS = 8;
const network = () =>
  sequential(input(6), dense(8, "relu"), dropout(0.25), batchNorm(), dense(6, "tanh"), dense(3));

interface Training {
  readonly model: () => Promise<Model>;
  readonly data: () => Parameters<Model["fit"]>[0];
  readonly callbacks: () => Callback[];
  readonly options: FitOptions;
}

const trainings: Readonly<Record<string, Training>> = {
  "Adam, a schedule, early stopping and shuffled arrays": {
    model: () =>
      compile(network(), {
        loss: "meanSquaredError",
        seed: 5,
        optimizer: adam({
          learningRate: warmup(cosineDecay({ initialLearningRate: 0.05, decaySteps: 60 }), { steps: 7 }),
        }),
      }),
    data: () => ({ x, y }),
    callbacks: () => [earlyStopping({ patience: 2 })],
    options: { epochs: EPOCHS, batchSize: 10, validation },
  },
  "momentum, a plateau, early stopping and a stream": {
    model: () =>
      compile(network(), {
        loss: "meanSquaredError",
        seed: 2,
        optimizer: sgd({ learningRate: 0.2, momentum: 0.9 }),
      }),
    data: () =>
      Dataset.fromArrays({ x, y }).shuffle({ bufferSize: 20, seed: 3 }).batch(9).prefetch(2) as never,
    callbacks: () => [
      reduceOnPlateau({ monitor: "loss", patience: 0, factor: 0.5 }),
      earlyStopping({ monitor: "validation.loss", patience: 3 }),
    ],
    options: { epochs: EPOCHS, validation },
  },
};

const dead = new Error("killed");

/** Trains from the last checkpoint of a store on, if it has one; until it dies, in a step over its life. */
async function live(training: Training, store: Store, every: Every, diesAt = Number.POSITIVE_INFINITY) {
  const model = await training.model();
  const last = await readCheckpoint(store);
  if (last !== undefined) model.restore(last.bytes);
  const callbacks = training.callbacks();
  const onStep = ({ step }: { readonly step: number }) => {
    // As the process would, it leaves no time for the callbacks to hear of it.
    if (step + 1 >= diesAt) throw Object.assign(dead, { code: "WASMGRAD_TEST" });
  };
  const options = { ...training.options, resume: last !== undefined, onStep };
  const fitted = await model
    .fit(training.data(), {
      ...options,
      // Behind the others in any case, wherever it stands.
      callbacks: [checkpoint({ store, every, monitor: "validation.loss" }), ...callbacks],
    })
    .catch((error: unknown) => {
      if (error !== dead) throw error;
    });
  return { model, callbacks, isDone: fitted !== undefined };
}

/** What is compared: weights, and what callbacks have seen. */
const outcome = ({ model, callbacks }: Awaited<ReturnType<typeof live>>) => ({
  weights: weightBits(model),
  rate: model.learningRateFactor,
  callbacks: callbacks.map((one) => {
    const { best, bestEpoch, stoppedEpoch } = one as ReturnType<typeof earlyStopping>;
    return { best, bestEpoch, stoppedEpoch };
  }),
});

describe.each(Object.entries(trainings))("a training by %s", (_, training) => {
  it("ends in the same bits wherever it dies, and its callbacks with it", async () => {
    const whole = await live(training, memoryStore(), "epoch");
    const steps = whole.model && (await stepsOf(whole.model));
    const stopped = outcome(whole).callbacks.at(-1);
    // It means nothing unless it stops early, behind its best epoch.
    expect(stopped?.stoppedEpoch).toBeLessThan(EPOCHS);
    expect(stopped?.bestEpoch).toBeLessThan(stopped?.stoppedEpoch as number);
    const chance = chanceOf(3);
    const below = (limit: number) => 1 + Math.floor(chance() * limit);
    for (let trial = 0; trial < howMany(6, 50); trial++) {
      const store = memoryStore();
      const every = trial % 3 === 0 ? "epoch" : { steps: below(7) };
      let now = below(steps);
      let died = await live(training, store, every, now);
      while (!died.isDone) {
        now += below(steps);
        died = await live(training, store, every, now);
      }
      expect(outcome(died), `${JSON.stringify(every)}, died at ${now}`).toEqual(outcome(whole));
    }
  });
});

const stepsOf = async (model: Model): Promise<number> => {
  const store = memoryStore();
  await store.write("checkpoint-00000001.safetensors", model.snapshot());
  return (await readCheckpoint(store))?.step ?? 0;
};

describe("the state of a callback", () => {
  const counting = (counts: number[]): Callback => {
    let count = 0;
    return {
      name: "counting",
      onTrainBegin: () => {
        count = 0;
      },
      onEpochEnd: () => void counts.push(++count),
      saveState: () => ({ values: { count } }),
      restoreState({ values }) {
        count = values.count as number;
      },
    };
  };
  const model = () => compile(network(), { loss: "meanSquaredError", seed: 2 });
  const data = () => ({ x, y });
  const options: FitOptions = { batchSize: 10, validation };

  it("goes with a snapshot, and is asked for by resume alone", async () => {
    const counts: number[] = [];
    const first = await model();
    await first.fit(data(), { ...options, epochs: 2, callbacks: [counting(counts)] });
    const second = await model();
    second.restore(first.snapshot());
    await second.fit(data(), { ...options, epochs: 3, resume: true, callbacks: [counting(counts)] });
    expect(counts).toEqual([1, 2, 3]);
    await second.fit(data(), { ...options, epochs: 1, callbacks: [counting(counts)] });
    expect(counts).toEqual([1, 2, 3, 1]);
  });

  it("of one name goes to the first, then to the second; of another name to nobody", async () => {
    const [first, second, other]: number[][] = [[], [], []];
    const one = await model();
    await one.fit(data(), { ...options, epochs: 1, callbacks: [counting(first!)] });
    await one.fit(data(), {
      ...options,
      epochs: 2,
      resume: true,
      callbacks: [counting(first!), counting(second!), { ...counting(other!), name: "other" }],
    });
    expect([first, second, other]).toEqual([[1, 2], [1], [1]]);
  });

  it("is as damaged as the file says, and a count is none then", async () => {
    const one = await model();
    const stopping = earlyStopping({ patience: 1 });
    await one.fit(data(), { ...options, epochs: 2, callbacks: [stopping] });
    const damaged = { monitor: "validation.loss", waited: -1e300, best: "NaN", bestEpoch: {} };
    stopping.restoreState?.({ values: damaged }, { epoch: 2 } as never);
    expect(stopping.saveState?.()?.values).toMatchObject({ waited: 0 });
  });

  it("keeps weights to the bit", async () => {
    const one = await model();
    await one.fit(data(), { ...options, epochs: 1 });
    const weights = one.weights();
    let found: unknown;
    const keeping: Callback = {
      name: "keeping",
      saveState: () => ({ values: {}, weights }),
      restoreState(state) {
        found = state.weights && bitsOf(state.weights);
      },
      onSlice: () => undefined,
    };
    await one.fit(data(), { ...options, epochs: 2, resume: true, callbacks: [keeping] });
    const other = await model();
    other.restore(one.snapshot());
    await other.fit(data(), { ...options, epochs: 3, resume: true, callbacks: [keeping] });
    expect(found).toEqual(bitsOf(weights));
  });
});
