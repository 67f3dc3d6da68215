// A training that is killed and goes on: this program trains in a process of its own, kills that in the midst of an epoch, trains
// on from the last checkpoint, and compares the weights with those of a training that was never stopped.
//
//   node examples/checkpoints.mjs
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adam, checkpoint, compile, dense, dropout, input, sequential } from "wasmgrad";
import { fileStore, readCheckpoint } from "wasmgrad/io";

const ROWS = 400;
const x = Array.from({ length: ROWS }, (_, row) => [Math.sin(row), Math.cos(row * 1.7)]);
const y = x.map(([a, b]) => [a * b, a - b]);
const options = { epochs: 40, batchSize: 16 };

const compiled = () =>
  compile(sequential(input(2), dense(32, "tanh"), dropout(0.1), dense(2)), {
    loss: "meanSquaredError",
    optimizer: adam({ learningRate: 0.01 }),
    seed: 7,
  });

/** Trains from the last checkpoint in a folder on, or from the beginning where there is none. */
async function train(folder, onStored = () => undefined) {
  const store = fileStore(folder);
  const model = await compiled();
  const last = await readCheckpoint(store);
  if (last !== undefined) model.restore(last.bytes);
  const callbacks = [checkpoint({ store, every: { steps: 50 }, onSave: onStored })];
  await model.fit({ x, y }, { ...options, resume: last !== undefined, callbacks });
  return { model, from: last?.step ?? 0 };
}

/** Trains in a process of its own until that is killed, at its third checkpoint. */
function trainAndKill(folder) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [import.meta.filename, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let stored = 0;
    child.stdout.on("data", (text) => {
      stored += String(text).trim().split("\n").length;
      if (stored >= 3) child.kill("SIGKILL");
    });
    child.once("error", fail);
    child.once("close", (_, signal) => done(signal));
  });
}

const [, , place] = process.argv;
if (place !== undefined) await train(place, ({ step }) => console.log(`step ${step}`));
else {
  const folder = await mkdtemp(join(tmpdir(), "wasmgrad-checkpoints-"));
  try {
    console.log(`trained until ${await trainAndKill(folder)}`);
    const { model, from } = await train(folder);
    const whole = await compiled();
    await whole.fit({ x, y }, options);
    const bits = (one) => Object.values(one.weights()).map(({ data }) => data.join());
    const isSame = bits(model).join() === bits(whole).join();
    console.log(
      `went on from step ${from}: ${isSame ? "the same weights" : "OTHER WEIGHTS"} as without the stop`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
