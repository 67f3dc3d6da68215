/**
 * Stores of user interfaces hold what they are given behind a Proxy, and programs take methods off objects: whatever
 * wasmgrad makes works so too, all the way down.
 */
import { describe, expect, it } from "vitest";
import { gradientCheck } from "../../src/autodiff/index.js";
import { bindMembers } from "../../src/check/bindMembers.js";
import {
  columns,
  Dataset,
  kFold,
  labelEncoder,
  loadEncoder,
  oneHotEncoder,
  standardScaler,
} from "../../src/data/index.js";
import {
  adam,
  checkpoint,
  compile,
  csvLog,
  dense,
  earlyStopping,
  input,
  learningRateLog,
  learningRateRangeTest,
  type Model,
  progressLine,
  reduceOnPlateau,
  sequential,
  stepBudget,
  type Training,
} from "../../src/index.js";
import { classificationReport, confusionMatrix } from "../../src/metrics/index.js";
import { bitsOf, rowsOf, weightBits } from "../given/models.js";

const data = { x: rowsOf(24, 3), y: rowsOf(24, 2, 2) };
const fitting = { epochs: 2, batchSize: 8 };

const makeModel = (worker = false) =>
  compile(sequential(input(3), dense(4, "tanh"), dense(2)), {
    loss: "meanSquaredError",
    optimizer: adam(),
    metrics: ["meanAbsoluteError"],
    seed: 3,
    worker,
  });

/** As a store of a user interface: whatever object is read from it is behind a Proxy as well. */
function deepProxy<T extends object>(target: T): T {
  return new Proxy(target, {
    get(one, key, receiver) {
      const value: unknown = Reflect.get(one, key, receiver);
      const { configurable, writable } = Reflect.getOwnPropertyDescriptor(one, key) ?? {};
      const isFixed = configurable === false && writable === false;
      return typeof value === "object" && value !== null && !isFixed ? deepProxy(value) : value;
    },
  });
}

/** Methods only, taken off. */
function takenOff<T extends object>(target: T): T {
  return new Proxy(target, {
    get(one, key) {
      const value: unknown = Reflect.get(one, key);
      if (typeof value !== "function") return value;
      return (...given: unknown[]) => Reflect.apply(value, undefined, given);
    },
    set: (one, key, value) => Reflect.set(one, key, value),
  });
}

const WRAPPED: [string, <T extends object>(target: T) => T][] = [
  ["behind a Proxy", (target) => new Proxy(target, {})],
  ["behind Proxies all the way down", deepProxy],
  ["with its methods taken off", takenOff],
];

describe.each(WRAPPED)("%s", (_, wrap) => {
  it.each([false, true])("a model does all that it does, with worker: %s", async (worker) => {
    const raw = await makeModel(worker);
    const plain = await makeModel();
    const model = wrap(raw as Model<"meanAbsoluteError">);
    await plain.fit(data, fitting);
    const reports = await model.fit(data, fitting);
    expect(reports).toHaveLength(2);
    expect(bitsOf(model.weights())).toEqual(weightBits(plain));
    expect(await model.predict(data.x)).toEqual(await plain.predict(data.x));
    expect(await model.evaluate(data)).toEqual(await plain.evaluate(data));
    expect(Object.keys(await model.activations(data.x, ["dense"]))).toEqual(["dense"]);
    model.freeze("dense");
    model.unfreeze("dense");
    model.setWeights(plain.weights());
    model.restore(model.snapshot());
    expect(model.learningRateFactor).toBe(1);
    model.learningRateFactor = 0.5;
    expect(raw.learningRateFactor).toBe(0.5);
    expect(model.summary()).toBe(plain.summary());
    expect(model.memory).toEqual(raw.memory);
    expect(model.lifetimes()).toBe(raw.lifetimes());
    expect(model.disassemble()).toBe(raw.disassemble());
    model.dispose();
  });

  it("callbacks see the training, and say how it went", async () => {
    const lines: string[] = [];
    const stopping = wrap(earlyStopping({ monitor: "loss", patience: 1, minDelta: 1e6 }));
    const saving = wrap(checkpoint({ monitor: "loss" }));
    const rates = wrap(learningRateLog());
    const csv = wrap(csvLog());
    const reducing = wrap(reduceOnPlateau({ monitor: "loss", patience: 1, minDelta: 1e6 }));
    const line = wrap(progressLine({ write: (text) => lines.push(text) }));
    const model = await makeModel();
    await model.fit(data, {
      ...fitting,
      epochs: 9,
      callbacks: [stopping, saving, rates, csv, reducing, line, wrap(stepBudget({ steps: 100 }))],
    });
    expect(stopping.stoppedEpoch).toBe(2);
    expect(saving.latest?.epoch).toBe(2);
    expect(rates.rates.length).toBeGreaterThan(0);
    expect(csv.text).toContain("epoch");
    expect(lines.length).toBeGreaterThan(1);
  });

  it("the training that callbacks are given obeys", async () => {
    const model = await makeModel();
    const seen: unknown[] = [];
    const onEpochEnd = (_: object, training: Training) => {
      const { weights, snapshot, scaleLearningRate, setWeights, stop, epoch } = wrap(training);
      setWeights(weights());
      scaleLearningRate(0.5);
      seen.push(snapshot().length > 0, epoch);
      stop("enough");
    };
    await model.fit(data, { ...fitting, callbacks: [{ onEpochEnd }] });
    expect(seen).toEqual([true, 1]);
    expect(model.learningRateFactor).toBe(0.5);
  });

  it("datasets go through all their stages, and train", async () => {
    const batches = wrap(
      wrap(wrap(Dataset.fromArrays(data)).map((one) => one)).shuffle({ bufferSize: 8, seed: 1 }),
    ).batch(8);
    expect(await wrap(batches.prefetch(1)).toArray()).toHaveLength(3);
    const model = await makeModel();
    expect(await model.fit(wrap(batches), { epochs: 2 })).toHaveLength(2);
    const joined = wrap(
      wrap(batches)
        .concatenate(batches)
        .skip(1)
        .take(4)
        .repeat(2)
        .filter(() => true),
    );
    expect(await wrap(joined.unbatch().atEpoch(1)).toArray()).toHaveLength(64);
  });

  it("encoders learn and encode", () => {
    const x = [
      [1, 2],
      [3, 5],
    ];
    const plain = standardScaler().fit(x);
    const scaler = wrap(standardScaler());
    expect(scaler.fit(x).transform(x)).toEqual(plain.transform(x));
    expect(scaler.inverse(scaler.fitTransform(x))).toEqual(plain.inverse(plain.transform(x)));
    expect(scaler.columns).toBe(2);
    expect(loadEncoder(scaler.toJSON())).toBeDefined();
    const labels = wrap(labelEncoder());
    expect([...labels.fit(["b", "a"]).fitTransform(["a", "b"])]).toEqual([0, 1]);
    const table = wrap(columns({ color: oneHotEncoder() }));
    const records = [{ color: "red" }, { color: "blue" }];
    expect(table.fit(records).fitTransform(records)).toHaveLength(4);
  });

  it("splitters split, and tables of scores print", () => {
    expect([...wrap(kFold({ folds: 2 })).split(4)]).toHaveLength(2);
    expect(wrap(confusionMatrix([0, 1], [0, 1])).toString()).toContain("label");
    expect(wrap(classificationReport([0, 1], [0, 1])).toString()).toContain("accuracy");
  });
});

describe("behind a Proxy", () => {
  it("networks, layers and nodes build the same network", async () => {
    const wrap = <T extends object>(target: T) => new Proxy(target, {});
    const network = wrap(sequential(wrap(input(3)), wrap(dense(4, "tanh")), dense(2)));
    const around = wrap(sequential(input(3), network));
    for (const one of [network, around]) {
      const model = await compile(one, { loss: "meanSquaredError", optimizer: adam(), seed: 3 });
      await model.fit(data, fitting);
      expect(Object.keys(model.weights())).toHaveLength(4);
    }
  });
});

describe("functions of a model", () => {
  it("take one that is behind a Proxy", async () => {
    const model = new Proxy(await makeModel(), {});
    expect((await gradientCheck(model as Model, data)).passed).toBe(true);
    expect((await learningRateRangeTest(model, data, { steps: 5 })).curve.length).toBeGreaterThan(0);
  });
});

describe("bound members", () => {
  class Base {
    #count = 1;
    constructor() {
      bindMembers(this);
    }
    get count() {
      return this.#count;
    }
    set count(value: number) {
      this.#count = value;
    }
    name() {
      return "base";
    }
    both() {
      return this.name();
    }
  }
  class Derived extends Base {
    override name() {
      return "derived";
    }
  }

  it("are those of the class furthest down, are replaced as others are, and are listed nowhere", () => {
    const one = new Derived();
    const { both, name } = one;
    expect([both(), name()]).toEqual(["derived", "derived"]);
    const behind = new Proxy(one, {});
    behind.count = 5;
    expect([one.count, behind.count, Object.keys(one)]).toEqual([5, 5, []]);
    one.name = () => "replaced";
    expect(one.both()).toBe("replaced");
  });
});
