/** fit and evaluate on streams of batches: back-pressure, bounded memory, and an orderly end. */
import { describe, expect, it } from "vitest";
import {
  type Batches,
  compile,
  DataError,
  dense,
  type Examples,
  input,
  sequential,
} from "../../src/index.js";
import { rejectionOf, rowsOf, turnOfTheLoop, weightBits } from "../given/models.js";

const ready = (options = {}) =>
  compile(sequential(input(3), dense(5, "tanh"), dense(2)), {
    loss: "meanSquaredError",
    seed: 5,
    ...options,
  });
const data = { x: rowsOf(40, 3), y: rowsOf(40, 2, 2) };
const batch = (i: number, rows = 8): Examples => ({
  x: data.x.slice(i * 8, i * 8 + rows),
  y: data.y.slice(i * 8, i * 8 + rows),
});
const fiveBatches = [0, 1, 2, 3, 4].map((i) => batch(i));

/** A stream that writes down what is asked of it. */
class Recorded implements AsyncIterable<Examples>, AsyncIterator<Examples> {
  readonly log: string[] = [];
  #given = 0;
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
  }

  [Symbol.asyncIterator](): AsyncIterator<Examples> {
    return this;
  }

  async next(): Promise<IteratorResult<Examples>> {
    this.log.push(`asked for ${this.#given}`);
    await turnOfTheLoop();
    if (this.#given === this.#count) return { done: true, value: undefined };
    this.log.push(`gave ${this.#given}`);
    return { done: false, value: batch(this.#given++ % 5) };
  }

  async return(): Promise<IteratorResult<Examples>> {
    this.log.push("closed");
    return { done: true, value: undefined };
  }
}

describe("a stream of batches", () => {
  const streams: [string, () => Batches | (() => Batches)][] = [
    ["an array of batches", () => fiveBatches],
    ["a generator", () => fiveBatches.values()],
    [
      "an async generator function",
      () =>
        async function* () {
          for (const one of fiveBatches) {
            await turnOfTheLoop();
            yield one;
          }
        },
    ],
    [
      "a ReadableStream",
      () => {
        const left = [...fiveBatches];
        return new ReadableStream<Examples>({
          pull(controller) {
            const next = left.shift();
            if (next === undefined) controller.close();
            else controller.enqueue(next);
          },
        });
      },
    ],
    ["a set", () => new Set(fiveBatches)],
    ["an iterator that is asked by hand", () => new Recorded(5)],
  ];

  it.each(streams)("trains to the bits of its rows as arrays: %s", async (_, stream) => {
    const expected = await ready();
    const [asArrays] = await expected.fit(data, { batchSize: 8, shuffle: false });
    const model = await ready();
    const [report] = await model.fit(stream());
    expect(weightBits(model)).toEqual(weightBits(expected));
    expect([report?.steps, report?.loss]).toEqual([5, asArrays?.loss]);
  });

  it("starts anew for each epoch when a function makes it", async () => {
    const expected = await ready();
    await expected.fit(data, { batchSize: 8, shuffle: false, epochs: 3 });
    let started = 0;
    const batches = function* () {
      started++;
      yield* fiveBatches;
    };
    const model = await ready();
    expect(await model.fit(batches, { epochs: 3 })).toHaveLength(3);
    expect(weightBits(model)).toEqual(weightBits(expected));
    expect(started).toBe(3);
  });

  it("may have batches of any size up to batchSize, or up to the first", async () => {
    const sizes: number[] = [];
    const model = await ready();
    await model.fit([batch(0, 4), batch(1, 8), batch(2, 1)], {
      batchSize: 8,
      onStep: ({ rows }) => sizes.push(rows),
    });
    await model.fit([batch(0, 8), batch(1, 3)], { onStep: ({ rows }) => sizes.push(rows) });
    expect(sizes).toEqual([4, 8, 1, 8, 3]);
  });

  it("may change between bytes and floats", async () => {
    const bytes = Uint8Array.from([1, 2, 3, 4, 5, 6]);
    const y = rowsOf(2, 2);
    const mixed = await ready();
    await mixed.fit([
      { x: bytes, y },
      { x: Float32Array.from(bytes), y },
    ]);
    const floats = await ready();
    await floats.fit([
      { x: Float32Array.from(bytes), y },
      { x: Float32Array.from(bytes), y },
    ]);
    expect(weightBits(mixed)).toEqual(weightBits(floats));
  });

  it("is asked for the next batch only after the last was trained on", async () => {
    const stream = new Recorded(4);
    const model = await ready();
    await model.fit(stream, { onStep: ({ step }) => stream.log.push(`trained ${step}`) });
    const round = (i: number) => [`asked for ${i}`, `gave ${i}`, `trained ${i}`];
    expect(stream.log).toEqual([...[0, 1, 2, 3].flatMap(round), "asked for 4"]);
  });

  it("takes no more memory however long it is", async () => {
    const model = await ready();
    const totals = new Set<number>();
    const endless = function* () {
      for (let i = 0; i < 3000; i++) yield batch(i % 5);
    };
    const [report] = await model.fit(endless, { onStep: () => totals.add(model.memory.total) });
    expect(report?.steps).toBe(3000);
    expect(totals.size).toBe(1);
  });

  it("is evaluated to the scores of its rows as arrays", async () => {
    const model = await ready();
    const expected = await model.evaluate(data);
    expect((await model.evaluate(fiveBatches)).loss).toBeCloseTo(expected.loss, 6);
    const [report] = await model.fit(data, { validation: () => fiveBatches.values() });
    expect(report?.validation?.loss).toBeCloseTo((await model.evaluate(data)).loss, 6);
  });
});

describe("a stream that goes wrong", () => {
  it.each<[string, Batches | (() => Batches), string]>([
    ["is empty", [], "fit: the iterable gave no batches. A generator runs only once"],
    ["gives no batch", new Set([5 as never]), "fit: batch 1 is 5; needs { x, y }"],
    [
      "gives a bad row later",
      [batch(0), { ...batch(1), x: [[1, 2]] }],
      "fit: batch 2: x: row 0 has 2 numbers",
    ],
  ])("is refused by the number of its batch when it %s", async (_, stream, says) => {
    const error = await rejectionOf((await ready()).fit(stream));
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toContain(says);
  });

  it("is refused when the form of its targets changes", async () => {
    const model = await compile(sequential(input(3), dense(2, "softmax")), { loss: "crossEntropy" });
    const labels = { x: rowsOf(2, 3), y: [0, 1] };
    const oneHot = {
      x: rowsOf(2, 3),
      y: [
        [1, 0],
        [0, 1],
      ],
    };
    const error = await rejectionOf(model.fit([labels, oneHot]));
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toContain("fit: batch 2: y has 2 numbers a row; the first batch had 1");
  });

  it("is refused before the first step when it runs only once and there are more epochs", async () => {
    const model = await ready();
    const before = weightBits(model);
    const says = "runs once, as a generator or a stream does, and there are 2 epochs. Pass the function";
    const error = await rejectionOf(model.fit(fiveBatches.values(), { epochs: 2 }));
    expect((error as Error).message).toContain(says);
    const validation = await rejectionOf(model.fit(data, { epochs: 2, validation: fiveBatches.values() }));
    expect((validation as Error).message).toContain(`fit: validation: the data ${says}`);
    expect(weightBits(model)).toEqual(before);
  });

  it("is not refused for more epochs when it starts anew, whatever methods it has", async () => {
    class Loader {
      #next = 0;
      [Symbol.iterator]() {
        this.#next = 0;
        return this;
      }
      next() {
        const value = fiveBatches[this.#next++];
        return value === undefined ? ({ done: true, value } as const) : { done: false, value };
      }
    }
    const model = await ready();
    const reports = await model.fit(new Loader() as Batches, { epochs: 2 });
    expect(reports.map(({ steps }) => steps)).toEqual([5, 5]);
  });

  it("is refused before the first step when it is a web stream and there are more epochs", async () => {
    const stream = new ReadableStream({ start: (controller) => controller.enqueue(batch(0)) });
    const error = await rejectionOf((await ready()).fit(stream as unknown as Batches, { epochs: 2 }));
    expect((error as Error).message).toContain("the data runs once");
  });

  it("is refused when a batch has more rows than batchSize, the first one too", async () => {
    const batches = [batch(0, 4), batch(1, 8)];
    const second = await rejectionOf((await ready()).fit(batches, { batchSize: 4 }));
    expect((second as Error).message).toContain(
      "fit: batch 2: has 8 rows; batchSize is 4. Give batchSize: 8",
    );
    const first = await rejectionOf((await ready()).fit(batches, { batchSize: 3 }));
    expect((first as Error).message).toContain("fit: batch 1: has 4 rows; batchSize is 3");
  });

  it("makes room for larger batches when there is no batchSize, and keeps weights and slots", async () => {
    const rows = [4, 40, 8, 64, 5];
    const batches = rows.map((count, i) => batch(i, count));
    const growing = await ready();
    const roomy = await ready();
    await growing.fit(() => batches.values(), { epochs: 3 });
    await roomy.fit(() => batches.values(), { epochs: 3, batchSize: 64 });
    expect(weightBits(growing)).toEqual(weightBits(roomy));
  });

  it("passes on what it throws, with the weights of the steps before", async () => {
    const model = await ready();
    const broken = new Error("the file ends here");
    const batches = async function* () {
      yield* fiveBatches.slice(0, 2);
      throw broken;
    };
    expect(await rejectionOf(model.fit(batches))).toBe(broken);
    const expected = await ready();
    await expected.fit(fiveBatches.slice(0, 2));
    expect(weightBits(model)).toEqual(weightBits(expected));
    expect(await model.fit(data)).toHaveLength(1);
  });
});

describe("a stream that is no longer wanted", () => {
  it("is closed once when a callback throws", async () => {
    const stream = new Recorded(9);
    const stop = new Error("stop");
    const onStep = ({ step }: { step: number }) => {
      if (step === 2) throw stop;
    };
    expect(await rejectionOf((await ready()).fit(stream, { onStep }))).toBe(stop);
    expect(stream.log.slice(-2)).toEqual(["gave 2", "closed"]);
    expect(stream.log.filter((entry) => entry === "closed")).toHaveLength(1);
  });

  it("is closed when a batch is bad", async () => {
    let isClosed = false;
    const batches = function* () {
      try {
        yield batch(0);
        yield { x: [[1]], y: [[1, 2]] };
      } finally {
        isClosed = true;
      }
    };
    await rejectionOf((await ready()).fit(batches));
    expect(isClosed).toBe(true);
  });

  it("is closed when it is aborted, and not when it has ended", async () => {
    const controller = new AbortController();
    const stream = new Recorded(9);
    const onStep = ({ step }: { step: number }) => step === 1 && controller.abort();
    await rejectionOf((await ready()).fit(stream, { onStep, signal: controller.signal }));
    expect(stream.log.at(-1)).toBe("closed");
    const whole = new Recorded(2);
    await (await ready()).fit(whole);
    expect(whole.log).not.toContain("closed");
  });

  it("does not hold up an abort while it waits for a batch that never comes", async () => {
    const controller = new AbortController();
    const model = await ready();
    const batches = async function* () {
      yield batch(0);
      setTimeout(() => controller.abort(), 0);
      await new Promise<never>(() => undefined);
    };
    const error = await rejectionOf(model.fit(batches, { signal: controller.signal }));
    expect((error as Error).name).toBe("AbortError");
    const expected = await ready();
    await expected.fit([batch(0)]);
    expect(weightBits(model)).toEqual(weightBits(expected));
    expect(await model.fit(data)).toHaveLength(1);
  });

  it("cannot hide the error by failing to close", async () => {
    const stop = new Error("stop");
    const stubborn: AsyncIterable<Examples> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: batch(0) }),
        return: () => Promise.reject(new Error("cannot close")),
      }),
    };
    const onStep = () => {
      throw stop;
    };
    expect(await rejectionOf((await ready()).fit(stubborn, { onStep }))).toBe(stop);
  });
});
