/** Whoever stops early, or fails, closes the source: once, and only then. */
import { createReadStream, openAsBlob, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { Dataset, type StreamLike } from "../../../src/data/index.ts";
import { rejection } from "../refusal.ts";

/** A source of 0 … 99 that notes what was asked of it. */
function source() {
  const log = { asked: 0, closed: 0, opened: 0 };
  const data = Dataset.fromIterable((): Iterable<number> => {
    log.opened++;
    let next = 0;
    return {
      [Symbol.iterator]: () => ({
        next() {
          log.asked++;
          return next < 100 ? { done: false, value: next++ } : { done: true, value: undefined };
        },
        return() {
          log.closed++;
          return { done: true, value: undefined };
        },
      }),
    };
  });
  return { log, data };
}

const stages: Record<string, (data: Dataset<number>) => Dataset<unknown>> = {
  "nothing else": (data) => data,
  map: (data) => data.map((i) => i),
  filter: (data) => data.filter(() => true),
  batch: (data) => data.batch(2),
  unbatch: (data) => data.map((i) => [i]).unbatch(),
  shuffle: (data) => data.shuffle({ bufferSize: 5 }),
  repeat: (data) => data.repeat(2),
  prefetch: (data) => data.prefetch(3),
  take: (data) => data.take(50),
  skip: (data) => data.skip(3),
  concatenate: (data) => data.concatenate(Dataset.fromIterable([1])),
  zip: (data) => Dataset.zip([data, data.map((i) => -i)]),
  "all of them": (data) =>
    data
      .shuffle({ bufferSize: 9 })
      .map((x) => x)
      .batch(2)
      .repeat()
      .prefetch(2)
      .skip(1),
};

describe.each(Object.entries(stages))("a pass through %s", (name, stage) => {
  const passes = name === "zip" ? 2 : 1;

  it("closes the source when it is stopped early", async () => {
    const { log, data } = source();
    let seen = 0;
    for await (const _ of stage(data)) if (++seen === 3) break;
    expect(seen).toBe(3);
    expect([log.opened, log.closed]).toEqual([passes, passes]);
    const { asked } = log;
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(log.asked).toBe(asked);
  });

  it("opens nothing when it is stopped before it began", async () => {
    const { log, data } = source();
    await stage(data)[Symbol.asyncIterator]().return?.();
    expect([log.opened, log.asked, log.closed]).toEqual([0, 0, 0]);
  });
});

describe("a pass", () => {
  it("does not close a source that has ended or failed by itself", async () => {
    const { log, data } = source();
    expect(await data.toArray()).toHaveLength(100);
    expect(log.closed).toBe(0);
    let closed = 0;
    const failing = Dataset.fromIterable(() => ({
      [Symbol.iterator]: () => ({
        next: () => {
          throw new Error("broken");
        },
        return: () => {
          closed++;
          return { done: true, value: undefined };
        },
      }),
    }));
    expect(await rejection(failing.batch(2).prefetch(2).toArray())).toContain("element 0: broken");
    expect(closed).toBe(0);
  });

  it("closes the source when a function fails further down", async () => {
    for (const fetched of [1, 4]) {
      const { log, data } = source();
      const bad = data.prefetch(fetched).map((i) => {
        if (i === 5) throw new Error("five");
        return i;
      });
      expect(await rejection(bad.toArray())).toContain("element 5: five");
      expect(log.closed).toBe(1);
    }
  });

  it("asks a source for no more than it takes", async () => {
    const { log, data } = source();
    await data.take(7).toArray();
    expect(log.asked).toBe(7);
    await data.take(0).toArray();
    expect(log.opened).toBe(1);
    const zipped = source();
    await Dataset.zip([Dataset.fromIterable([1, 2]), zipped.data]).toArray();
    expect([zipped.log.asked, zipped.log.closed]).toEqual([2, 1]);
  });

  it("fetches ahead by no more than asked, and in order", async () => {
    const { log, data } = source();
    const pass = data.prefetch(4)[Symbol.asyncIterator]();
    expect((await pass.next()).value).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 5));
    // One was taken, four wait.
    expect(log.asked).toBe(5);
    expect((await pass.next()).value).toBe(1);
    await pass.return?.();
    expect(log.closed).toBe(1);
  });

  it("gives what was fetched before a failure, then the failure", async () => {
    const data = Dataset.fromIterable(function* () {
      yield 1;
      yield 2;
      throw new Error("late");
    }).prefetch(8);
    const seen: number[] = [];
    const outcome = (async () => {
      for await (const one of data) seen.push(one);
    })();
    expect(await rejection(outcome)).toContain("element 2: late");
    expect(seen).toEqual([1, 2]);
  });
});

/** A stream of chunks that notes whether it was canceled. */
function streamOf<T>(chunks: readonly T[]) {
  const log = { canceled: 0 };
  let next = 0;
  const stream = new ReadableStream<T>(
    {
      pull(controller) {
        if (next === chunks.length) controller.close();
        else controller.enqueue(chunks[next++]!);
      },
      cancel() {
        log.canceled++;
      },
    },
    { highWaterMark: 0 },
  );
  return { log, stream };
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe("fromStream", () => {
  it("gives the chunks, and cancels a stream that is stopped early", async () => {
    const whole = streamOf([1, 2, 3]);
    const numbers: number[] = await Dataset.fromStream(whole.stream).toArray();
    expect(numbers).toEqual([1, 2, 3]);
    expect([whole.log.canceled, whole.stream.locked]).toEqual([0, false]);
    const part = streamOf([1, 2, 3]);
    expect(await Dataset.fromStream(part.stream).take(2).toArray()).toEqual([1, 2]);
    expect([part.log.canceled, part.stream.locked]).toEqual([1, false]);
  });

  it("makes the stream anew for each pass by a function", async () => {
    const data = Dataset.fromStream(async () => streamOf([1, 2]).stream);
    expect(await data.repeat(2).toArray()).toEqual([1, 2, 1, 2]);
    const bad = Dataset.fromStream((() => 3) as never);
    expect(await rejection(bad.toArray())).toContain("got 3; needs a ReadableStream");
  });

  it("tells at which element a stream failed", async () => {
    const failing = new ReadableStream({
      pull(controller) {
        controller.error(new Error("connection lost"));
      },
    });
    expect(await rejection(Dataset.fromStream(failing).toArray())).toBe(
      "DataError: Dataset.fromStream: element 0: connection lost",
    );
  });
});

describe("fromFile", () => {
  const lines = (...chunks: Uint8Array[]) => Dataset.fromFile(() => streamOf(chunks).stream).toArray();

  it("gives the lines of text, wherever its bytes are cut", async () => {
    const text = "price,rooms\r\n3,äöü\n\n漢字 🙂\nlast";
    const expected = ["price,rooms", "3,äöü", "", "漢字 🙂", "last"];
    const whole = bytes(text);
    for (let cut = 0; cut <= whole.length; cut++) {
      expect(await lines(whole.slice(0, cut), whole.slice(cut))).toEqual(expected);
    }
    expect(await lines(...Array.from(whole, (one) => Uint8Array.of(one)))).toEqual(expected);
  });

  it("counts no line behind the last end, and no byte order mark", async () => {
    expect(await lines(bytes("a\nb\n"))).toEqual(["a", "b"]);
    expect(await lines(bytes("\n"))).toEqual([""]);
    expect(await lines()).toEqual([]);
    expect(await lines(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toEqual(["a"]);
  });

  it("reads a Blob as often as one likes, and a file of Node by both of its ways", async () => {
    const blob = Dataset.fromFile(new Blob(["1,2\n3,4\n"])).map((line) => line.split(",").map(Number));
    expect(await blob.repeat(2).toArray()).toEqual([
      [1, 2],
      [3, 4],
      [1, 2],
      [3, 4],
    ]);
    const path = join(tmpdir(), `wasmgrad-lines-${process.pid}.txt`);
    const long = Array.from({ length: 20_000 }, (_, i) => `line ${i}`);
    writeFileSync(path, long.join("\n"));
    expect(await Dataset.fromFile(await openAsBlob(path)).toArray()).toEqual(long);
    const open = () => Readable.toWeb(createReadStream(path)) as unknown as StreamLike<Uint8Array>;
    const read = Dataset.fromFile(open);
    expect(await read.skip(3).take(2).toArray()).toEqual(["line 3", "line 4"]);
    expect(await read.toArray()).toEqual(long);
  });

  it("cancels the stream when it is stopped early", async () => {
    const { log, stream } = streamOf([bytes("a\nb\n"), bytes("c\n")]);
    expect(
      await Dataset.fromFile(() => stream)
        .take(1)
        .toArray(),
    ).toEqual(["a"]);
    expect(log.canceled).toBe(1);
  });

  it("refuses bytes that are no text, and what are no bytes", async () => {
    expect(await rejection(lines(bytes("a\nb\n"), Uint8Array.of(0xff, 0x0a)))).toContain(
      "DataError: Dataset.fromFile: line 2, or one soon after it, is no UTF-8; needs text",
    );
    expect(await rejection(lines(bytes("a\n"), bytes("ä").slice(0, 1)))).toContain(
      "line 1, or one soon after it, is no UTF-8",
    );
    expect(await rejection(lines("text" as never))).toContain(
      'the stream gave "text"; needs bytes, as Uint8Array. Leave out what decodes them',
    );
  });
});
