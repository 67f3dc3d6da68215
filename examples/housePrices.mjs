// House prices: a regression on a table of features, against the mean and a straight line as yardsticks.
//
//     node examples/housePrices.mjs [--epochs 40]
import { parseArgs } from "node:util";
import { adam, compile, dense, input, sequential } from "wasmgrad";
import { houses } from "./houses.mjs";

const { values } = parseArgs({ options: { epochs: { type: "string", default: "40" } } });
const { features, prices } = houses(2000, 1);

// Columns of very different size train badly: bring each to mean 0 and standard deviation 1, as the training rows
// have them. The prices too; errors are turned back into money below.
const trainingRows = 1600;
const meanOf = (numbers) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
function standardize(column) {
  const training = column.slice(0, trainingRows);
  const mean = meanOf(training);
  const deviation = Math.sqrt(meanOf(training.map((one) => (one - mean) ** 2)));
  return { values: column.map((one) => (one - mean) / deviation), deviation };
}
const columns = features[0].map((_, j) => standardize(features.map((row) => row[j])).values);
const rows = features.map((_, i) => columns.map((column) => column[i]));
const price = standardize(prices);
const targets = price.values.map((one) => [one]);

const training = { x: rows.slice(0, trainingRows), y: targets.slice(0, trainingRows) };
const test = { x: rows.slice(trainingRows), y: targets.slice(trainingRows) };

/** Trains a network and returns its mean absolute error on the test rows, in thousands of euros. */
async function errorOf(name, network) {
  const model = await compile(network, {
    loss: "meanSquaredError",
    metrics: ["meanAbsoluteError"],
    optimizer: adam({ learningRate: 0.005 }),
    seed: 1,
  });
  console.log(`\n${name}\n${model.summary()}`);
  await model.fit(training, {
    epochs: Number(values.epochs),
    batchSize: 32,
    validation: test,
    onEpoch: ({ epoch, loss, validation }) => {
      if (epoch % 10 !== 0) return;
      console.log(`epoch ${epoch}: loss ${loss.toFixed(4)}, validation ${validation.loss.toFixed(4)}`);
    },
  });
  const { meanAbsoluteError } = await model.evaluate(test);
  return meanAbsoluteError * price.deviation;
}

const errors = {
  // Standardized, the mean of the training prices is 0.
  mean: meanOf(test.y.map(([one]) => Math.abs(one))) * price.deviation,
  line: await errorOf("a straight line", sequential(input(6), dense(1))),
  network: await errorOf("a network", sequential(input(6), dense(32, "relu"), dense(16, "relu"), dense(1))),
};
console.log(`
mean absolute error on ${test.x.length} houses that were not trained on, in thousands of euros:
  mean price    ${errors.mean.toFixed(1)}
  straight line ${errors.line.toFixed(1)}
  network       ${errors.network.toFixed(1)}`);
