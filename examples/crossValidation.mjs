// A table of text from its lines to a model that carries its own encoders: cross-validated, trained, moved elsewhere.
//
//     node examples/crossValidation.mjs [--folds 5]
import { parseArgs } from "node:util";
import { adam, compile, dense, earlyStopping, input, sequential } from "wasmgrad";
import {
  columns,
  crossValidate,
  Dataset,
  kFold,
  loadEncoder,
  oneHotEncoder,
  standardScaler,
  trainTestSplit,
} from "wasmgrad/data";
import { houses } from "./houses.mjs";

const { values } = parseArgs({ options: { folds: { type: "string", default: "5" } } });

// The text of a file. In Node, `await openAsBlob("houses.csv")` of node:fs gives the same; in a page, an input does.
const { features, prices } = houses(600, 1);
const placeOf = (distance) => (distance < 5 ? "center" : distance < 12 ? "town" : "country");
const lines = features.map(
  ([area, rooms, age, distance], i) => `${area},${rooms},${age},${placeOf(distance)},${prices[i]}`,
);
const file = new Blob([["area,rooms,age,place,price", ...lines].join("\n")]);

/** Number("") would be 0: an empty cell is refused, as what it is, by the encoder. */
const numberOf = (cell) => (cell === "" ? Number.NaN : Number(cell));

// Fields without quotes need no more than this; for others, map lines by a parser of your choice.
const records = await Dataset.fromFile(file)
  .skip(1)
  .map((line) => line.split(","))
  .map(([area, rooms, age, place, price]) => ({
    x: { area: numberOf(area), rooms: numberOf(rooms), age: numberOf(age), place },
    y: numberOf(price) / 100,
  }))
  .toArray();
const data = { x: records.map(({ x }) => x), y: records.map(({ y }) => y) };
const { train, test } = trainTestSplit(data, { testSize: 0.2, seed: 1 });

const encoderOf = (rows) =>
  columns({
    area: standardScaler(),
    rooms: standardScaler(),
    age: standardScaler(),
    place: oneHotEncoder(),
  }).fit(rows);
const build = () =>
  compile(sequential(input(6), dense(24, "relu"), dense(1)), {
    loss: "meanSquaredError",
    metrics: ["meanAbsoluteError"],
    optimizer: adam({ learningRate: 0.01 }),
    seed: 1,
  });

// Encoders are fitted on the rows that a fold trains on, early stopping looks at others of them, and nothing at the test.
const result = await crossValidate(build, train, {
  folds: kFold({ folds: Number(values.folds), shuffle: true, seed: 1 }),
  validation: 0.2,
  fit: { epochs: 60, callbacks: [earlyStopping({ patience: 5 })] },
  prepare: ({ x }) => {
    const encoder = encoderOf(x);
    return (examples) => ({ x: encoder.transform(examples.x), y: examples.y });
  },
});
console.log(`${result}\n`);

// One model of all training rows; its snapshot carries the encoder with it.
const encoder = encoderOf(train.x);
const model = await build();
await model.fit({ x: encoder.transform(train.x), y: train.y }, { epochs: 40 });
const snapshot = model.snapshot({ attachments: { encoder } });

// Elsewhere, where there is nothing but the snapshot.
const other = await build();
const { attachments } = other.restore(snapshot);
const carried = loadEncoder(attachments.encoder, "columns");
const { meanAbsoluteError } = await other.evaluate({ x: carried.transform(test.x), y: test.y });
const [price] = await other.predict(carried.transform([{ area: 100, rooms: 4, age: 20, place: "center" }]));
console.log(`inputs: ${carried.featureNames().join(", ")}`);
console.log(
  `mean absolute error on ${test.y.length} unseen houses: ${(100 * meanAbsoluteError).toFixed(1)} thousand`,
);
console.log(`100 m² in the center: ${(100 * price).toFixed(0)} thousand`);
