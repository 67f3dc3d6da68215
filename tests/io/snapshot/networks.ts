/** Networks of which there are snapshots of every format, and how their trainings go on. */
import { createHash } from "node:crypto";
import {
  adam,
  add,
  batchNorm,
  compile,
  dense,
  exponentialMovingAverage,
  input,
  lbfgs,
  type Model,
  network,
  sequential,
  sgd,
} from "../../../src/index.ts";
import { rowsOf } from "../../given/models.ts";
import type { Anything } from "./file.ts";

const x = rowsOf(45, 6);
const y = rowsOf(45, 3, 2);

interface Given {
  ready(): Promise<Anything>;
  /** Trains to where the snapshot is taken. */
  begin?(model: Model): Promise<unknown>;
  readonly data?: Anything;
  /** Of the `fit` that goes on. */
  readonly options?: Anything;
  readonly attachments?: Readonly<Record<string, unknown>>;
}

function twoEnds() {
  const from = input(6);
  const joined = add()(from, dense(6, "relu")(from));
  const outputs = { a: dense(3)(joined), b: dense(1, "sigmoid")(joined) };
  return network({ inputs: { x: from }, outputs });
}

const loss = "meanSquaredError";
const data = { x, y };

export const networks: Readonly<Record<string, Given>> = {
  momentum: {
    ready: () =>
      compile(sequential(input(6), dense(5, "tanh"), batchNorm(), dense(3)), {
        loss,
        optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }),
        seed: 11,
        clipNorm: 1,
      }),
    begin: (model) => model.fit(data, { epochs: 3, batchSize: 10, maxSteps: 8 }),
    data,
    options: { epochs: 3, batchSize: 10 },
    attachments: { note: "ä\u2028", list: [1, null, { a: true }] },
  },
  unfrozen: {
    ready: async () => {
      const model = await compile(sequential(input(6), dense(5, "relu"), dense(4, "relu"), dense(3)), {
        loss,
        optimizer: exponentialMovingAverage(adam()),
        metrics: ["meanAbsoluteError"],
        seed: 3,
      });
      model.freeze("dense_2/bias");
      return model;
    },
    begin: async (model) => {
      model.unfreeze("dense_2/bias");
      model.freeze("dense");
      await model.fit(data, { epochs: 2, batchSize: 9, maxSteps: 4 });
      model.unfreeze("dense");
      model.freeze("dense_2/bias");
      await model.fit(data, { epochs: 3, batchSize: 9, maxSteps: 7 });
    },
    data,
    options: { epochs: 3, batchSize: 9 },
  },
  ends: {
    ready: () =>
      compile(twoEnds(), {
        loss: { a: loss, b: "binaryCrossEntropy" },
        lossWeights: { a: 0.5 },
        seed: 7,
      }),
    begin: (model) => model.fit(networks.ends!.data, { epochs: 2, batchSize: 10, maxSteps: 3 }),
    data: { x: { x }, y: { a: y, b: y.map(([first]) => [first! > 0 ? 1 : 0]) } },
    options: { epochs: 2, batchSize: 10 },
  },
  lbfgs: {
    ready: () =>
      compile(sequential(input(6), dense(5, "tanh"), dense(3)), { loss, optimizer: lbfgs(), seed: 2 }),
    begin: (model) => model.fit(data, { epochs: 6, batchSize: 45, shuffle: false, maxSteps: 3 }),
    data,
    options: { epochs: 6, batchSize: 45, shuffle: false },
  },
  untrained: { ready: () => compile(sequential(input(2), dense(3)), { seed: 2 }) },
};

/** Goes on with the training of a network to its end. */
export async function trainOn(name: string, model: Model): Promise<void> {
  const { data, options } = networks[name] as Given;
  if (data !== undefined) await model.fit(data, { ...options, resume: true });
}

/** The hash of all weights, by name. */
export function hashOf(model: Model): string {
  const hash = createHash("sha256");
  for (const [name, { data }] of Object.entries(model.weights())) hash.update(`${name}\n`).update(data);
  return hash.digest("hex");
}

export const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(base64, "base64"));
