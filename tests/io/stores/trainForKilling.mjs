// A training that stores a checkpoint every other step and says so, until it is killed: see killed.test.ts.
import { createHash } from "node:crypto";
import { writeSync } from "node:fs";
import { checkpoint } from "../../../dist/index.js";
import { fileStore, readCheckpoint } from "../../../dist/io.js";
import { data, EPOCHS, model } from "./trainingToKill.mjs";

const [, , folder] = process.argv;
const say = (what, bytes) => writeSync(1, `${what} ${createHash("sha256").update(bytes).digest("hex")}\n`);

const files = fileStore(folder);
const store = {
  ...files,
  async write(name, bytes) {
    say("begun", bytes);
    await files.write(name, bytes);
    say("stored", bytes);
  },
};

const trained = await model();
const last = await readCheckpoint(store);
if (last !== undefined) trained.restore(last.bytes);
await trained.fit(data, {
  epochs: EPOCHS,
  batchSize: 4,
  resume: last !== undefined,
  health: false,
  callbacks: [checkpoint({ store, every: { steps: 2 }, keep: 1 })],
});
