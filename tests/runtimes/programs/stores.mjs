// Stores of browsers, in a page and in its worker: what every store must do, a full quota, data that is cleared, and a training
// that goes on in another page.
import * as wasmgrad from "/node_modules/wasmgrad/dist/index.js";
import * as io from "/node_modules/wasmgrad/dist/io.js";
import { bytesOf, checkStore, checkTraining } from "./storeContract.mjs";
import { FIT_OPTIONS, TRAINED_HASH, trainingData, trainingModel, weightHash } from "./training.mjs";

const { checkpoint, CheckpointError, StorageError } = wasmgrad;
const makers = { opfsStore: io.opfsStore, indexedDbStore: io.indexedDbStore };

function equal(what, got, needed) {
  if (got !== needed) throw new Error(`${what}: got ${got}; needs ${needed}`);
}

const errorOf = (promise) =>
  promise.then(
    () => undefined,
    (error) => error,
  );

const ofEach = (what, check) =>
  Object.fromEntries(
    Object.entries(makers).map(([name, make]) => [`${name}: ${what}`, () => check(make, name)]),
  );

const ofFiles = (what, check) => ({ [`opfsStore: ${what}`]: () => check(io.opfsStore, "opfsStore") });

/** What holds in a page and in a worker. */
export const everywhere = {
  ...ofEach("reads, writes, lists and deletes", (make) => checkStore(make("contract"), 3_000_000)),
  ...ofEach("keeps what a training goes on from", (make) =>
    checkTraining({ wasmgrad, io }, make("training")),
  ),
};

/** Bytes that no browser makes smaller. */
function tooLarge() {
  const bytes = new Uint8Array(12 * 2 ** 20);
  for (let at = 0; at < bytes.length; at += 2 ** 16) crypto.getRandomValues(bytes.subarray(at, at + 2 ** 16));
  return bytes;
}

/** A place of a page where its origin has some megabytes left. */
const full = {
  // Of IndexedDB, Chromium refuses by a quota that is set for a test at times, and at times takes four times as much.
  ...ofFiles("says that the quota is exceeded, and has what was there", async (make) => {
    const store = make("full");
    const small = bytesOf(1000);
    await store.write("small", small);
    await store.write("other", small);
    for (const name of ["small", "large"]) {
      const error = await errorOf(store.write(name, tooLarge()));
      if (!(error instanceof StorageError)) throw new Error(`no StorageError but ${error}`);
      if (!/(QuotaExceeded|Abort)Error.*quota of this origin is used up/.test(error.message)) throw error;
    }
    equal("what was there", (await store.read("small")).join(), small.join());
    equal("what was not", await store.read("large"), undefined);
    equal("names", (await store.list()).toSorted().join(), "other,small");
  }),
  ...ofFiles("lets a training go on, to the same bits, and tells", async (make) => {
    const store = make("full");
    const failing = { ...store, write: (name) => store.write(name, tooLarge()) };
    const model = await trainingModel(wasmgrad);
    const saved = checkpoint({ store: failing, every: { steps: 50 }, onFailure: "continue" });
    await model.fit(trainingData(), { ...FIT_OPTIONS, callbacks: [saved] });
    equal("weights", await weightHash(model), TRAINED_HASH);
    equal("the failure", saved.failure instanceof CheckpointError, true);
  }),
};

/** Data that is cleared while the page is open, as its user or the browser may. */
const cleared = {
  async "opfsStore: is there again when its data is cleared"() {
    const store = io.opfsStore("cleared");
    await store.write("one", bytesOf(9));
    const root = await navigator.storage.getDirectory();
    await root.removeEntry("cleared", { recursive: true });
    equal("what was there", await store.read("one"), undefined);
    equal("names", (await store.list()).length, 0);
    await store.write("two", bytesOf(9));
    equal("what is there", (await store.read("two")).length, 9);
  },
  async "indexedDbStore: is there again when its data is cleared"() {
    const store = io.indexedDbStore("cleared");
    await store.write("one", bytesOf(9));
    await new Promise((done, fail) => {
      const asked = indexedDB.deleteDatabase("cleared");
      asked.onsuccess = done;
      asked.onerror = asked.onblocked = fail;
    });
    equal("what was there", await store.read("one"), undefined);
    await store.write("two", bytesOf(9));
    equal("what is there", (await store.read("two")).length, 9);
  },
};

/** A training that stops when the page is closed in the midst of it … */
const begun = ofEach("begins a training", async (make) => {
  const model = await trainingModel(wasmgrad);
  const callbacks = [checkpoint({ store: make("pages"), every: { steps: 7 } })];
  await model.fit(trainingData(), { ...FIT_OPTIONS, maxSteps: 80, callbacks });
});

/** … and goes on in the next one. */
const goneOn = ofEach("goes on in another page, to the same bits", async (make) => {
  const store = make("pages");
  const last = await io.readCheckpoint(store);
  equal("step", last?.step, 80);
  const model = await trainingModel(wasmgrad);
  model.restore(last.bytes);
  await model.fit(trainingData(), { ...FIT_OPTIONS, resume: true, callbacks: [checkpoint({ store })] });
  equal("weights", await weightHash(model), TRAINED_HASH);
});

/** Model files that come and go in a page. */
const files = {
  async "a model is loaded from an address of the page, a file and a response, and downloaded"() {
    const model = await trainingModel(wasmgrad);
    const bytes = await io.save(model);
    const hash = await weightHash(model);
    const { layers } = { layers: { dense: wasmgrad.dense } };
    const same = async (source) =>
      equal("weights", await weightHash((await io.load(source, { layers })).model), hash);
    const address = URL.createObjectURL(new Blob([bytes]));
    await same(address);
    await same(new File([bytes], "model.safetensors"));
    await same(await fetch(address));
    const error = await errorOf(io.load("none.safetensors"));
    if (!/none\.safetensors answered 404/.test(error?.message)) throw new Error(`no 404 but ${error}`);
    const root = await navigator.storage.getDirectory();
    const handle = await root.getFileHandle("model.safetensors", { create: true });
    await io.save(model, { to: handle });
    await same(handle);
    const clicks = [];
    addEventListener("click", (event) => clicks.push(event.target), { once: true });
    const created = document.createElement.bind(document);
    document.createElement = (name) => {
      const one = created(name);
      one.addEventListener("click", (event) => {
        event.preventDefault();
        clicks.push(`${one.download} ${one.href.slice(0, 5)}`);
      });
      return one;
    };
    io.download(bytes, "mine.safetensors");
    equal("clicks", clicks.join(), "mine.safetensors blob:");
    const refused = await errorOf(io.save(model, { to: "model.safetensors" }));
    if (!/there are no files here. A page has download/.test(refused?.message))
      throw new Error(String(refused));
  },
};

export async function report(checks) {
  const found = { passed: 0, failures: [] };
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check();
      found.passed++;
    } catch (error) {
      found.failures.push(`${name}: ${error?.message ?? error}`);
    }
  }
  return found;
}

const inWorker = () =>
  new Promise((done, fail) => {
    const worker = new Worker("./storesWorker.mjs", { type: "module" });
    worker.onmessage = ({ data }) => done(data);
    worker.onerror = ({ message }) => fail(new Error(`worker: ${message}`));
  });

const parts = {
  begin: () => report({ ...everywhere, ...cleared, ...files, ...begun }),
  worker: inWorker,
  goOn: () => report(goneOn),
  full: () => report(full),
};

export const checkPage = (part) => parts[part]();
