/**
 * This tree against another one, pair by pair in processes of their own, so that a machine whose speed drifts compares
 * all the same: XOR, a step of the MLP, compiling, and the start to the end of the first step.
 *
 *   node pairs.mjs --other=FOLDER [--pairs=30] [--json]     FOLDER: another checkout that is built
 */
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { readArguments } from "./peers/arguments.mjs";
import { median } from "./peers/timing.mjs";

const options = readArguments({ pairs: 30, other: "" });
const { other } = options;
const here = join(import.meta.dirname, "..");
if (other === "")
  throw new Error("pairs.mjs: there is no other tree. Give --other=FOLDER, a checkout that is built.");

const program = join(import.meta.dirname, "pairsProgram.mjs");
const run = (tree) =>
  JSON.parse(
    execFileSync(process.execPath, [program, join(resolve(tree), "dist/index.js")], { encoding: "utf8" }),
  );

const rounds = [];
for (let i = 0; i < options.pairs; i++) {
  // Either goes first as often as the other.
  const [first, second] = i % 2 === 0 ? [here, other] : [other, here];
  const results = new Map([first, second].map((tree) => [tree, run(tree)]));
  rounds.push({ ours: results.get(here), theirs: results.get(other) });
  process.stderr.write(`pair ${i + 1} of ${options.pairs}\r`);
}

const names = Object.keys(rounds[0].ours);
const table = names.map((name) => ({
  name,
  here: median(rounds.map(({ ours }) => ours[name])),
  other: median(rounds.map(({ theirs }) => theirs[name])),
  ratio: median(rounds.map(({ ours, theirs }) => ours[name] / theirs[name])),
}));
if (options.json) console.log(JSON.stringify({ node: process.version, pairs: options.pairs, table }));
else {
  console.log(
    `medians of ${options.pairs} pairs, Node ${process.version}; the ratio is here / other, pair by pair`,
  );
  for (const { name, here: a, other: b, ratio } of table) {
    console.log(
      `${name.padEnd(34)} ${a.toFixed(3).padStart(9)} ${b.toFixed(3).padStart(9)} ${ratio.toFixed(3).padStart(7)}`,
    );
  }
}
