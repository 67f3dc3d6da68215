/**
 * Published and measured figures of public datasets, reached with the public API: one row of a table each.
 *
 *   node figures/figures.mjs [--data=FOLDER] [--only=iris,wine] [--seed=1] [--json]
 *
 * FOLDER has the layout of shared/data. Ends with exit code 1 when a figure is not reached.
 */
import { existsSync } from "node:fs";
import { standardScaler } from "../../dist/data.js";
import {
  adamW,
  compile,
  cosineDecay,
  dense,
  dropout,
  earlyStopping,
  input,
  rescale,
  sequential,
  sgd,
} from "../../dist/index.js";
import { readArguments } from "../peers/arguments.mjs";
import { Datasets } from "./datasets.mjs";

const shared = new URL("../../../shared/data", import.meta.url).pathname;
const options = readArguments({ data: shared, only: "", seed: 1 });
if (!existsSync(options.data)) {
  console.error(
    `figures: there is no folder ${options.data}. Give the one that holds the datasets with --data=FOLDER.`,
  );
  process.exit(1);
}
const datasets = new Datasets(options.data);

/** Features on the scale of the training rows. */
function scaled({ train, ...others }) {
  const scaler = standardScaler();
  const apply = (part) => ({ ...part, x: scaler.transform(part.x) });
  scaler.fit(train.x);
  return {
    train: apply(train),
    ...Object.fromEntries(Object.entries(others).map(([name, part]) => [name, apply(part)])),
  };
}

const stepsOf = (rows, { epochs, batchSize }) => epochs * Math.ceil(rows / batchSize);

/** Test accuracy of a small classifier on scaled features. */
async function classify(
  data,
  { hidden, epochs, batchSize = 16, rate = 0.3, learningRate = 0.01, weightDecay = 0.01 },
) {
  const { train, test } = scaled(data);
  const [features, classes] = [data.train.x[0].length, new Set(data.train.y).size];
  const steps = stepsOf(data.train.y.length, { epochs, batchSize });
  const model = await compile(
    sequential(input(features), dense(hidden, "relu"), dropout(rate), dense(classes, "softmax")),
    {
      loss: "crossEntropy",
      optimizer: adamW({
        learningRate: cosineDecay({ initialLearningRate: learningRate, decaySteps: steps }),
        weightDecay,
      }),
      metrics: ["accuracy"],
      seed: options.seed,
    },
  );
  await model.fit(train, { epochs, batchSize });
  return (await model.evaluate(test)).accuracy;
}

async function californiaHousing() {
  const { train, valid, test } = scaled(datasets.californiaHousing());
  const model = await compile(sequential(input(8), dense(30, "relu"), dense(1)), {
    loss: "meanSquaredError",
    optimizer: sgd({ learningRate: 1e-2, momentum: 0.9 }),
    clipNorm: 1,
    seed: options.seed,
  });
  await model.fit(train, {
    epochs: 60,
    batchSize: 32,
    validation: valid,
    callbacks: [earlyStopping({ patience: 10 })],
  });
  return (await model.evaluate(test)).loss;
}

async function fashionMnist() {
  const { train, valid, test } = datasets.fashionMnist();
  const network = sequential(
    input(784),
    rescale(1 / 255),
    dense(300, "relu"),
    dense(100, "relu"),
    dense(10, "softmax"),
  );
  const model = await compile(network, {
    loss: "crossEntropy",
    optimizer: sgd({ learningRate: 0.1 }),
    metrics: ["accuracy"],
    seed: options.seed,
  });
  await model.fit(train, {
    epochs: 20,
    batchSize: 32,
    validation: valid,
    callbacks: [earlyStopping({ monitor: "validation.accuracy", patience: 5 })],
  });
  return (await model.evaluate(test)).accuracy;
}

async function diabetes() {
  const { train, test } = scaled(datasets.diabetes());
  const target = standardScaler().fit(train.y);
  const epochs = 60;
  const model = await compile(sequential(input(10), dense(16, "tanh"), dense(1)), {
    loss: "meanSquaredError",
    optimizer: adamW({ learningRate: 0.003, weightDecay: 0.1 }),
    seed: options.seed,
  });
  await model.fit({ x: train.x, y: target.transform(train.y) }, { epochs, batchSize: 32 });
  const predicted = target.inverse(await model.predict(test.x));
  return test.y.reduce((sum, [y], i) => sum + (predicted[i] - y) ** 2, 0) / test.y.length;
}

const atLeast = (reference) => ({ reference, isReached: (found) => found >= reference, sign: "≥" });
const atMost = (reference) => ({ reference, isReached: (found) => found <= reference, sign: "≤" });
const MEASURED = "scikit-learn 1.2.1, measured";
const GERON = "Géron 2019, ch. 10";

const figures = {
  iris: {
    what: "test accuracy",
    ...atLeast(0.9333),
    source: MEASURED,
    run: () => classify(datasets.classes("iris", "iris.csv"), { hidden: 32, epochs: 100 }),
  },
  wine: {
    what: "test accuracy",
    ...atLeast(0.972),
    source: MEASURED,
    run: () => classify(datasets.classes("wine", "wine_data.csv"), { hidden: 32, epochs: 100 }),
  },
  "breast-cancer": {
    what: "test accuracy",
    ...atLeast(0.965),
    source: "goal; scikit-learn 0.9825",
    // The decay that cross-validation of the training rows prefers.
    run: () =>
      classify(datasets.classes("breast-cancer", "breast_cancer.csv"), {
        hidden: 32,
        epochs: 40,
        learningRate: 0.003,
        weightDecay: 3,
      }),
  },
  digits: {
    what: "test accuracy",
    ...atLeast(0.978),
    source: MEASURED,
    run: () =>
      classify(datasets.classes("digits", "digits.csv.gz", { header: false }), {
        hidden: 128,
        epochs: 60,
        batchSize: 32,
      }),
  },
  diabetes: { what: "test MSE", ...atMost(2900.2), source: MEASURED, run: diabetes },
  "california-housing": {
    what: "test MSE",
    ...atMost(0.42),
    source: `${GERON}: 0.4212`,
    run: californiaHousing,
  },
  "fashion-mnist": { what: "test accuracy", ...atLeast(0.8837), source: GERON, run: fashionMnist },
};

const wanted = options.only === "" ? Object.keys(figures) : options.only.split(",");
const unknown = wanted.find((name) => !Object.hasOwn(figures, name));
if (unknown !== undefined) {
  console.error(`figures: there is no figure "${unknown}". Known: ${Object.keys(figures).join(", ")}.`);
  process.exit(1);
}
const digits = (value) => (value >= 100 ? value.toFixed(1) : value.toFixed(4));
const line = (cells) =>
  [
    cells[0].padEnd(19),
    cells[1].padEnd(14),
    ...cells.slice(2, 4).map((one) => one.padStart(10)),
    `  ${cells[4]}`,
  ].join("");
if (!options.json) console.log(line(["dataset", "figure", "reference", "found", "reference from"]));
for (const name of wanted) {
  const { what, reference, sign, source, isReached, run } = figures[name];
  const found = await run();
  if (!isReached(found)) process.exitCode = 1;
  if (options.json) console.log(JSON.stringify({ name, what, reference, found, source, seed: options.seed }));
  else {
    const mark = isReached(found) ? "" : "  NOT REACHED";
    console.log(line([name, what, `${sign} ${digits(reference)}`, digits(found), `${source}${mark}`]));
  }
}
