/** Datasets of `wasmgrad/data`: their sources, their stages, and elements that do not fit. */
import { Dataset } from "../../../src/data/index.js";
import { eachOf, type Misuses, NOT, ofOptions, wrong } from "./misuse.js";
import { regression } from "./subjects.js";

const of = (...elements: unknown[]) => Dataset.fromIterable(elements);
const three = () => of(1, 2, 3);
const batched = (...elements: unknown[]) =>
  of(...elements)
    .batch(2)
    .toArray();
const broken = () => {
  throw new RangeError("no such thing");
};

const sources: Misuses = {
  "Dataset: made with new": () => new (Dataset as unknown as new (from: unknown) => unknown)([1, 2]),
  ...eachOf("Dataset.fromIterable", [undefined, null, 3, "text", {}], Dataset.fromIterable),
  ...eachOf("Dataset.fromIterable: a function that gives", [undefined, 3, "text"], (given) =>
    Dataset.fromIterable(() => given).toArray(),
  ),
  ...eachOf("Dataset.fromStream", [undefined, null, 3, [1]], Dataset.fromStream),
  ...eachOf("Dataset.fromStream: a function that gives", [undefined, 3, [1]], (given) =>
    Dataset.fromStream(() => given).toArray(),
  ),
  ...eachOf("Dataset.fromFile", [undefined, null, "a.csv", 3, {}], Dataset.fromFile),
  ...eachOf("Dataset.fromFile: a function that gives", [undefined, "a.csv"], (given) =>
    Dataset.fromFile(() => given).toArray(),
  ),
  ...eachOf(
    "Dataset.fromArrays",
    [undefined, null, 3, {}, { x: 3 }, { x: [] }, { x: [1], y: [1, 2] }, { x: new Float32Array(4) }],
    (given) => Dataset.fromArrays(given),
  ),
  ...ofOptions("Dataset.fromArrays", (options) => Dataset.fromArrays({ x: [1, 2] }, options), {
    rows: [3, ...NOT.count],
  }),
  ...eachOf("Dataset.zip", [undefined, null, 3, [], {}, [three(), [1]], { a: three(), b: 3 }], Dataset.zip),
  "Dataset.fromIterable: a generator twice": async () => {
    const once = Dataset.fromIterable([1, 2].values());
    await once.toArray();
    return once.toArray();
  },
  "Dataset.fromStream: a stream twice": async () => {
    const once = Dataset.fromStream(new Blob(["a"]).stream());
    await once.toArray();
    return once.toArray();
  },
  "Dataset.fromIterable: it fails": () =>
    Dataset.fromIterable(function* () {
      yield 1;
      broken();
    }).toArray(),
  "Dataset.fromStream: it fails": () =>
    Dataset.fromStream(
      new ReadableStream({
        start: (controller) => controller.error(new Error("connection lost")),
      }),
    ).toArray(),
  "Dataset.fromFile: no UTF-8": () =>
    Dataset.fromFile(new Blob(["first\n", Uint8Array.of(0xff, 0xfe, 0x0a)])).toArray(),
  ...eachOf("Dataset.fromFile: a chunk", ["text", 3, null], (chunk) =>
    Dataset.fromFile(
      () =>
        new ReadableStream({
          start(controller) {
            controller.enqueue(chunk);
            controller.close();
          },
        }),
    ).toArray(),
  ),
};

const stages: Misuses = {
  ...eachOf("Dataset.map", NOT.function, (change) => three().map(change)),
  ...eachOf("Dataset.filter", NOT.function, (keeps) => three().filter(keeps)),
  ...eachOf("Dataset.batch: size", [undefined, ...NOT.count], (size) => three().batch(size)),
  ...ofOptions("Dataset.batch", (options) => three().batch(2, options), { dropRemainder: NOT.boolean }),
  ...ofOptions(
    "Dataset.shuffle",
    (options) => three().shuffle(options),
    { bufferSize: NOT.count, seed: NOT.index, reshuffle: NOT.boolean },
    { required: { bufferSize: 2 } },
  ),
  ...eachOf("Dataset.repeat", NOT.index, (count) => three().repeat(count)),
  ...eachOf("Dataset.prefetch", [undefined, ...NOT.count], (count) => three().prefetch(count)),
  ...eachOf("Dataset.take", [undefined, ...NOT.index], (count) => three().take(count)),
  ...eachOf("Dataset.skip", [undefined, ...NOT.index], (count) => three().skip(count)),
  ...eachOf("Dataset.atEpoch", [undefined, ...NOT.index], (epoch) => three().atEpoch(epoch)),
  ...eachOf("Dataset.concatenate", [undefined, [1], null, {}], (other) => three().concatenate(other)),
  "Dataset.map: it fails": () =>
    three()
      .map((one) => (one === 3 ? broken() : one))
      .toArray(),
  "Dataset.map: it rejects": () =>
    three()
      .map(() => Promise.reject(new Error("late")))
      .toArray(),
  "Dataset.filter: it fails": () => three().filter(broken).toArray(),
  "Dataset.map: behind prefetch, it fails": () => three().map(broken).prefetch(2).toArray(),
};

const elements: Misuses = {
  "Dataset.batch: another width": () => batched(1, 2, { x: [1, 2] }, { x: [3] }),
  "Dataset.batch: a field that is missing": () => batched({ x: 1, y: 2 }, { x: 1 }),
  "Dataset.batch: a number among records": () => batched({ x: 1 }, 3),
  "Dataset.batch: a record among numbers": () => batched(3, { x: 1 }),
  "Dataset.batch: other fields within": () => batched({ x: { a: 1 } }, { x: { b: 1 } }),
  "Dataset.batch: undefined": () => batched(1, undefined),
  "Dataset.batch: null among numbers": () => batched([1, 2], [3, null]),
  "Dataset.batch: text among numbers": () => batched([1], ["a"]),
  "Dataset.batch: big integers": () => batched([1], new BigInt64Array(1)),
  ...eachOf("Dataset.unbatch", [3, "text", null], (batch) => of(batch).unbatch().toArray()),
  "Dataset.unbatch: flat rows": () =>
    of({ x: new Float32Array(4), y: new Float32Array(2) })
      .unbatch()
      .toArray(),
  "Dataset.unbatch: unequal rows": () =>
    of({ x: [1, 2], y: [1] })
      .unbatch()
      .toArray(),
  "fit: a dataset that was not put into batches": async () =>
    (await regression()).fit(wrong(of({ x: [1, 2, 3], y: [1, 2] }))),
  "fit: a dataset of single numbers": async () => (await regression()).fit(wrong(of({ x: [1, 2, 3], y: 1 }))),
  "fit: a dataset that fails": async () => (await regression()).fit(wrong(three().map(broken).batch(2))),
};

export const datasets: Misuses = { ...sources, ...stages, ...elements };
