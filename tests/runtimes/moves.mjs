// Trainings that are stopped in one runtime and go on in another, to the bits of one that was never stopped.
import { FIT_OPTIONS, TRAINED_HASH, trainingData, trainingModel, weightHash } from "./training.mjs";

const STEPS = 200;

/** `count` different steps of the training, in order. */
export function randomSteps(count) {
  const all = Array.from({ length: STEPS - 1 }, (_, i) => i + 1);
  while (all.length > count) all.splice(Math.floor(Math.random() * all.length), 1);
  return all;
}

/** Snapshots after these steps, as text that every runtime can read. */
export async function takeSnapshots(wasmgrad, steps) {
  const model = await trainingModel(wasmgrad);
  const data = trainingData();
  const taken = [];
  let before = 0;
  for (const step of steps) {
    await model.fit(data, { ...FIT_OPTIONS, maxSteps: step - before, resume: before > 0 });
    taken.push({ step, text: toText(model.snapshot()) });
    before = step;
  }
  return taken;
}

/** @throws Error for a snapshot from which training does not end in the bits that it must */
export async function goOn(wasmgrad, { step, text }) {
  const model = await trainingModel(wasmgrad);
  model.restore(fromText(text));
  await model.fit(trainingData(), { ...FIT_OPTIONS, resume: true });
  const hash = await weightHash(model);
  if (hash !== TRAINED_HASH)
    throw new Error(`stopped at step ${step}, gone on elsewhere: weight hash ${hash}`);
}

const toText = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const fromText = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
