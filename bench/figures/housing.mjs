/**
 * House prices in California, from rows with missing values and a column of text to an error in dollars: what a user writes
 * is between the two marks, fourteen lines of it.
 *
 *   node figures/housing.mjs [--data=FOLDER] [--seed=1]
 *
 * FOLDER has the layout of shared/data. The test rows are those of its splits.json. Ends with exit code 1 when the root of
 * the mean squared error is not below 55,000 dollars.
 */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { columns, imputer, oneHotEncoder, standardScaler } from "../../dist/data.js";
import { compile, dense, input, sequential } from "../../dist/index.js";
import { rootMeanSquaredError } from "../../dist/metrics.js";
import { readArguments } from "../peers/arguments.mjs";

const shared = new URL("../../../shared/data", import.meta.url).pathname;
const { data, seed } = readArguments({ data: shared, seed: 1 });
const isTest = new Set(JSON.parse(readFileSync(`${data}/splits.json`, "utf8"))["california-housing"].test);
const file = gunzipSync(readFileSync(`${data}/california-housing/housing.csv.gz`));
const text = file.toString().trimEnd();

// ---- what a user writes
const [header, ...lines] = text.split("\n").map((line) => line.split(","));
const cell = (text) => (text === "" || Number.isNaN(Number(text)) ? text : Number(text));
const rows = lines.map((line) => Object.fromEntries(header.map((name, i) => [name, cell(line[i])])));
const [train, test] = [rows.filter((_, i) => !isTest.has(i)), rows.filter((_, i) => isTest.has(i))];
const number = imputer({ strategy: "median", missing: [""], encoder: standardScaler() });
const numbers = Object.fromEntries(header.slice(0, 8).map((name) => [name, number]));
const houses = columns({ ...numbers, ocean_proximity: oneHotEncoder() }).fit(train);
const prices = (list) => list.map((row) => row.median_house_value);
const price = standardScaler().fit(prices(train));
const network = sequential(input(houses.columns), dense(64, "relu"), dense(64, "relu"), dense(1));
const model = await compile(network, { loss: "meanSquaredError", optimizer: "adam", seed });
await model.fit({ x: houses.transform(train), y: price.transform(prices(train)) }, { epochs: 30 });
const dollars = price.inverse(await model.predict(houses.transform(test)));
const error = rootMeanSquaredError(dollars, prices(test));
// ---- until here

const missing = rows.filter((row) => row.total_bedrooms === "").length;
console.log(`${rows.length} rows, ${missing} without total_bedrooms, ${houses.columns} columns encoded`);
console.log(`root mean squared error of ${test.length} test rows: ${Math.round(error)} dollars`);
process.exitCode = error < 55_000 ? 0 : 1;
