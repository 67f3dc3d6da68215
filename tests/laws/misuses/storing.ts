/** Model files and checkpoints in places: paths, addresses, stores, and names in them. */
import { checkpoint, type Store } from "../../../src/index.js";
import {
  download,
  fileStore,
  indexedDbStore,
  keyValueStore,
  load,
  memoryStore,
  opfsStore,
  readCheckpoint,
  save,
} from "../../../src/io/index.js";
import { eachOf, type Misuses, NOT, ofOptions, wrong } from "./misuse.js";
import { anyModel, data, regression } from "./subjects.js";

const gone = () => Promise.reject(new Error("the store is gone"));
const broken: Store = { read: gone, write: gone, list: gone, delete: gone };
const bytes = new Uint8Array(9);
/** A key–value service that is empty. */
const service = { get: async () => null, put: gone, delete: gone, list: async () => ({ keys: [] }) };

const stores: Misuses = {
  "checkpoint: a store that is gone": async () =>
    (await regression()).fit(data, { callbacks: [checkpoint({ store: broken })] }),
  "checkpoint: a store that is full": async () =>
    (await regression()).fit(data, {
      callbacks: [
        checkpoint({ store: { ...memoryStore(), write: () => Promise.reject(new Error("it is full")) } }),
      ],
    }),
  ...eachOf("fileStore", [undefined, null, 3, new URL("file:///a")], (folder) => fileStore(wrong(folder))),
  ...eachOf("memoryStore: a name", ["", "../a", "/a", ".a", "a/b", null, 3], (name) =>
    memoryStore().write(wrong(name), bytes),
  ),
  "fileStore: a name that leads out of it": () => fileStore("/none").read("../passwd"),
  "opfsStore: no page": () => opfsStore(),
  "opfsStore: a path": () => opfsStore("a/b"),
  "indexedDbStore: no page": () => indexedDbStore(),
  ...eachOf("keyValueStore", [undefined, null, "models", new Map(), {}], (one) => keyValueStore(wrong(one))),
  ...ofOptions("keyValueStore", (options) => keyValueStore(service, wrong(options)), {
    prefix: [3, null],
    valueBytes: NOT.count,
  }),
  "keyValueStore: a service that fails": () => keyValueStore(service).write("a", bytes),
  ...eachOf("readCheckpoint", [undefined, null, "checkpoints", {}], (one) => readCheckpoint(wrong(one))),
  ...ofOptions("readCheckpoint", (options) => readCheckpoint(memoryStore(), wrong(options)), {
    name: [3, null, "../a"],
    best: NOT.boolean,
  }),
  "readCheckpoint: none is whole": async () => {
    const store = memoryStore();
    await store.write("checkpoint-00000001.safetensors", bytes);
    await readCheckpoint(store);
  },
};

const places: Misuses = {
  ...eachOf("save: to", [3, null, {}, "https://example.org/model", []], async (to) =>
    save(await anyModel(), { to: wrong(to) }),
  ),
  "save: to a path that is a file's": async () =>
    save(await anyModel(), { to: "/dev/null/model.safetensors" }),
  "load: a path where nothing is": () => load("/none/model.safetensors"),
  "load: the address of nothing": () => load(new URL("data:,")),
  "load: a blob of something else": () => load(new Blob(["<html>"])),
  "load: a response of an error": () => load(new Response("", { status: 404, statusText: "Not Found" })),
  "load: more bytes than are let": () => load(new Blob([bytes]), { limits: { fileBytes: 3 } }),
  ...eachOf("load: onProgress", NOT.function, (onProgress) => load(bytes, { onProgress: wrong(onProgress) })),
  ...eachOf("load: signal", [true, {}], (signal) => load(bytes, { signal: wrong(signal) })),
  "download: no page": () => download(bytes),
  "download: a name that is none": () => download(bytes, wrong(3)),
};

export const storing: Misuses = { ...stores, ...places };
