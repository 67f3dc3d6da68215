// What every store must do, wherever it is: without a test framework, since browsers and edge workers run it too.

const text = (bytes) => (bytes === undefined ? "nothing" : Array.from(bytes).join());
const equal = (what, got, needed) => {
  if (got !== needed) throw new Error(`${what}: got ${got}; needs ${needed}`);
};
/** Bytes that no two places have alike. */
export const bytesOf = (length, seed = 1) =>
  Uint8Array.from({ length }, (_, i) => (i * 2654435761 + seed * 40503) >>> 13);

/**
 * @param store an empty one
 * @param large bytes of a file that the place has to take
 */
export async function checkStore(store, large = 300_000) {
  const names = async () => (await store.list()).toSorted().join();
  equal("names of an empty store", await names(), "");
  equal("what is not there", text(await store.read("none")), "nothing");
  await store.delete("none");
  for (const length of [0, 1, 7, large]) {
    const bytes = bytesOf(length);
    await store.write("file.bin", bytes);
    const found = await store.read("file.bin");
    equal(`class of ${length} bytes`, found.constructor.name, "Uint8Array");
    equal(`${length} bytes`, text(found), text(bytes));
  }
  // A part of a buffer, and a smaller file in the place of a larger one.
  const whole = bytesOf(50, 3);
  const part = whole.subarray(11, 20);
  await store.write("file.bin", part);
  whole.fill(0, 0, 11);
  const before = text(part);
  part.fill(0);
  const found = await store.read("file.bin");
  equal("a part of a buffer, copied", text(found), before);
  found.fill(1);
  equal("what was read is a copy", text(await store.read("file.bin")), before);
  await store.write("checkpoint-00000001.best.safetensors", bytesOf(3));
  equal("names", await names(), "checkpoint-00000001.best.safetensors,file.bin");
  await store.delete("file.bin");
  equal("what was removed", text(await store.read("file.bin")), "nothing");
  equal("names", await names(), "checkpoint-00000001.best.safetensors");
  for (const name of ["../evil", "/etc/x", "a/b", "", ".", "..", ".hidden", "a\\b", "x".repeat(201), 5]) {
    const error = await store.write(name, bytesOf(1)).then(
      () => undefined,
      (reason) => reason,
    );
    equal(`the code for a name ${JSON.stringify(name).slice(0, 12)}`, error?.code, "WASMGRAD_OPTION");
  }
  // Written at the same time, each is whole.
  await Promise.all([1, 2, 3, 4, 5].map((seed) => store.write(`file${seed}`, bytesOf(1000, seed))));
  for (const seed of [1, 2, 3, 4, 5]) {
    equal(`file ${seed}`, text(await store.read(`file${seed}`)), text(bytesOf(1000, seed)));
  }
  for (const name of await store.list()) await store.delete(name);
  equal("names when all is removed", await names(), "");
}

/**
 * Trains into a store, is stopped, and goes on in another model: to the same bits.
 *
 * @param wasmgrad the entry, `io` that of wasmgrad/io
 */
export async function checkTraining({ wasmgrad, io }, store) {
  const { adam, checkpoint, compile, dense, dropout, earlyStopping, input, sequential } = wasmgrad;
  const rows = (columns) =>
    Array.from({ length: 24 }, (_, row) =>
      Array.from({ length: columns }, (_, i) => ((row * 5 + i * 7) % 13) / 13 - 0.5),
    );
  const data = { x: rows(3), y: rows(2) };
  const model = () =>
    compile(sequential(input(3), dense(6, "tanh"), dropout(0.2), dense(2)), {
      loss: "meanSquaredError",
      optimizer: adam({ learningRate: 0.02 }),
      seed: 8,
    });
  const options = { epochs: 6, batchSize: 5, health: false };
  const callbacks = () => [
    checkpoint({ store, every: { steps: 4 }, monitor: "loss", keep: 2 }),
    earlyStopping({ monitor: "loss", patience: 4 }),
  ];
  const whole = await model();
  await whole.fit(data, { ...options, callbacks: [earlyStopping({ monitor: "loss", patience: 4 })] });
  const first = await model();
  await first.fit(data, { ...options, maxSteps: 13, callbacks: callbacks() });
  const last = await io.readCheckpoint(store);
  equal("step of the last checkpoint", last?.step, 13);
  const second = await model();
  second.restore(last.bytes);
  await second.fit(data, { ...options, resume: true, callbacks: callbacks() });
  const bits = (one) => JSON.stringify(Object.values(one.weights()).map(({ data }) => Array.from(data)));
  equal("weights", bits(second), bits(whole));
  const best = await io.readCheckpoint(store, { best: true });
  equal("the best is one", best?.isBest, true);
  // The last two, and the best where it is none of them.
  const files = await store.list();
  if (files.length > 3) throw new Error(`${files.length} checkpoints stayed: ${files}`);
  for (const name of files) await store.delete(name);
}
