/**
 * Spam among text messages, from raw lines: what a user writes is between the two marks, eleven lines of it.
 *
 *   node figures/spam.mjs [--data=FOLDER]
 *
 * FOLDER has the layout of shared/data. Ends with exit code 1 when the mean accuracy of seeds 1 to 5 is below 0.983.
 */
import { readFileSync } from "node:fs";
import { labelEncoder, tfIdfEncoder } from "../../dist/data.js";
import { compile, dense, sequential, sparseInput } from "../../dist/index.js";
import { accuracy } from "../../dist/metrics.js";
import { readArguments } from "../peers/arguments.mjs";

const shared = new URL("../../../shared/data", import.meta.url).pathname;
const { data } = readArguments({ data: shared });
const lines = readFileSync(`${data}/sms-spam/SMSSpamCollection.tsv`, "utf8").trimEnd().split("\n");
const isTest = new Set(JSON.parse(readFileSync(`${data}/splits.json`, "utf8"))["sms-spam"]);

async function spam(seed) {
  // ---- what a user writes
  const rows = lines.map((line) => line.split("\t"));
  const [train, test] = [rows.filter((_, i) => !isTest.has(i)), rows.filter((_, i) => isTest.has(i))];
  const words = tfIdfEncoder({ ngrams: [1, 2], minRows: 2 }).fit(train.map(([, text]) => text));
  const kinds = labelEncoder().fit(train.map(([kind]) => kind));
  const x = words.transform(train.map(([, text]) => text));
  const y = kinds.transform(train.map(([kind]) => kind));
  const network = sequential(sparseInput(words.columns), dense(16, "relu"), dense(2, "softmax"));
  const model = await compile(network, { loss: "crossEntropy", optimizer: "adam", seed });
  await model.fit({ x, y }, { epochs: 10 });
  const outputs = await model.predict(words.transform(test.map(([, text]) => text)));
  const score = accuracy(outputs, kinds.transform(test.map(([kind]) => kind)));
  // ---- until here
  const { memory } = model;
  model.dispose();
  return { score, x, memory };
}

const seeds = [1, 2, 3, 4, 5];
const runs = [];
for (const seed of seeds) runs.push(await spam(seed));
const mean = runs.reduce((sum, { score }) => sum + score, 0) / runs.length;
const [{ x, memory }] = runs;
console.log(`accuracy of seeds 1 to 5: ${runs.map(({ score }) => score.toFixed(4)).join(", ")}`);
console.log(`mean: ${mean.toFixed(4)}, needs at least 0.983`);
console.log(
  `rows: ${x.rows} of ${x.columns} columns, ${x.nonZeros} values: ${x.bytes} bytes, dense ${4 * x.rows * x.columns}`,
);
console.log("linear memory:", memory);
process.exitCode = mean >= 0.983 ? 0 : 1;
