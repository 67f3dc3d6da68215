import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Dataset } from "../../../src/data/index.ts";
import { refusal, rejection } from "../refusal.ts";

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);
const of = <T>(list: readonly T[]) => Dataset.fromIterable(list);
const lists = fc.array(fc.integer(), { maxLength: 40 });
const sizes = fc.integer({ min: 1, max: 12 });
const counts = fc.integer({ min: 0, max: 50 });

describe("Dataset", () => {
  it("gives the elements of its source, as often as one likes", async () => {
    const four = of([3, 1, 4, 1]);
    expect(await four.toArray()).toEqual([3, 1, 4, 1]);
    expect(await four.toArray()).toEqual([3, 1, 4, 1]);
    const squares = Dataset.fromIterable(function* () {
      for (let i = 0; i < 4; i++) yield i * i;
    });
    expect(await squares.toArray()).toEqual(await squares.toArray());
    const waited = Dataset.fromIterable(async (epoch) => [epoch, Promise.resolve(7)]);
    expect(await waited.toArray()).toEqual([0, 7]);
    expect(await waited.toArray()).toEqual([1, 7]);
    expect(await Dataset.fromIterable(four).toArray()).toEqual([3, 1, 4, 1]);
    expect(await Dataset.fromIterable(new Set([1, 2])).toArray()).toEqual([1, 2]);
  });

  it("is not made with new, which JavaScript does not forbid", () => {
    const make = Dataset as unknown as new (rows: unknown) => unknown;
    expect(() => new make([1, 2])).toThrow("Dataset: is made with new; needs Dataset.fromArrays");
  });

  it("does nothing until it is asked", async () => {
    const seen: number[] = [];
    const noted = of(upTo(10)).map((i) => {
      seen.push(i);
      return i;
    });
    const few = noted
      .filter((i) => i % 2 === 1)
      .skip(1)
      .take(2);
    expect(seen).toEqual([]);
    expect(await few.toArray()).toEqual([3, 5]);
    expect(seen).toEqual(upTo(6));
  });

  it("does to elements what arrays do", async () => {
    await fc.assert(
      fc.asyncProperty(lists, counts, lists, async (list, n, other) => {
        const data = of(list);
        expect(await data.map((x, i) => x * 2 + i).toArray()).toEqual(list.map((x, i) => x * 2 + i));
        expect(await data.map(async (x) => x + 1).toArray()).toEqual(list.map((x) => x + 1));
        expect(await data.filter((x) => x % 3 === 0).toArray()).toEqual(list.filter((x) => x % 3 === 0));
        expect(await data.filter(async (_, i) => i > 2).toArray()).toEqual(list.filter((_, i) => i > 2));
        expect(await data.take(n).toArray()).toEqual(list.slice(0, n));
        expect(await data.skip(n).toArray()).toEqual(list.slice(n));
        expect(await data.take(n).concatenate(data.skip(n)).toArray()).toEqual(list);
        expect(await data.concatenate(of(other)).toArray()).toEqual([...list, ...other]);
        const pairs = list.slice(0, other.length).map((x, i) => [x, other[i]]);
        expect(await Dataset.zip([data, of(other)]).toArray()).toEqual(pairs);
        const named = pairs.map(([left, right]) => ({ left, right }));
        expect(await Dataset.zip({ left: data, right: of(other) }).toArray()).toEqual(named);
      }),
      { numRuns: 40 },
    );
  });

  it("repeats, and ends for ever only what has elements", async () => {
    expect(await of([1, 2]).repeat(3).toArray()).toEqual([1, 2, 1, 2, 1, 2]);
    expect(await of([1, 2]).repeat(0).toArray()).toEqual([]);
    expect(await of([1, 2]).repeat().take(5).toArray()).toEqual([1, 2, 1, 2, 1]);
    expect(await of([]).repeat().toArray()).toEqual([]);
  });

  it("fetches ahead the same elements", async () => {
    await fc.assert(
      fc.asyncProperty(lists, sizes, async (list, n) => {
        expect(await of(list).prefetch(n).toArray()).toEqual(list);
      }),
      { numRuns: 40 },
    );
  });

  it("refuses arguments outside their domain, where they are given", () => {
    const data = of([1]);
    expect(refusal(() => data.batch(0))).toBe(
      "OptionError: Dataset.batch: size is 0; needs an integer of at least 1.",
    );
    expect(refusal(() => data.batch(1.5))).toContain("size is 1.5");
    expect(refusal(() => data.batch(2, { dropRemainder: 1 as never }))).toContain("dropRemainder is 1");
    expect(refusal(() => data.batch(2, { drop: true } as never))).toContain('there is no option "drop"');
    expect(refusal(() => data.shuffle({ bufferSize: 0 }))).toContain("bufferSize is 0");
    expect(refusal(() => data.shuffle({} as never))).toContain("bufferSize is undefined");
    expect(refusal(() => data.shuffle({ bufferSize: 2, seed: -1 }))).toContain("seed is -1");
    expect(refusal(() => data.shuffle({ bufferSize: 2, reshuffle: "no" as never }))).toContain(
      'reshuffle is "no"',
    );
    expect(refusal(() => data.shuffle({ buffersize: 2 } as never))).toContain('Did you mean "bufferSize"?');
    expect(refusal(() => data.repeat(-1))).toContain("count is -1");
    expect(refusal(() => data.prefetch(0))).toContain("count is 0; needs an integer of at least 1");
    expect(refusal(() => data.take(-1))).toContain("count is -1");
    expect(refusal(() => data.skip(0.5))).toContain("count is 0.5");
    expect(refusal(() => data.atEpoch(-1))).toContain("epoch is -1");
    expect(refusal(() => data.map(3 as never))).toContain("Dataset.map: the argument is 3; needs a function");
    expect(refusal(() => data.filter(undefined as never))).toContain("needs a function");
    expect(refusal(() => data.concatenate([1] as never))).toContain(
      "the argument is an array of 1; needs a Dataset",
    );
    expect(refusal(() => Dataset.zip([data, [1]] as never))).toContain(
      '"1" is an array of 1; needs a Dataset',
    );
    expect(refusal(() => Dataset.zip({}))).toContain("there are none");
    expect(refusal(() => Dataset.fromIterable(3 as never))).toContain("got 3; needs an iterable");
    expect(refusal(() => Dataset.fromIterable("text" as never))).toContain('got "text"; needs an iterable');
    expect(refusal(() => Dataset.fromIterable(null as never))).toContain("got null");
    expect(refusal(() => Dataset.fromStream(3 as never))).toContain("got 3; needs a ReadableStream");
    expect(refusal(() => Dataset.fromFile("a.csv" as never))).toContain('got "a.csv"; needs a Blob or File');
    expect(refusal(() => Dataset.fromArrays({ x: [1], y: [1, 2] }))).toContain("y has 2 rows and x has 1");
    expect(refusal(() => Dataset.fromArrays({ x: new Float32Array(4) }))).toContain(
      "x is flat; needs the number of rows",
    );
  });

  it("refuses a second pass over what runs once", async () => {
    const generator = Dataset.fromIterable([1, 2].values());
    expect(await generator.toArray()).toEqual([1, 2]);
    expect(await rejection(generator.toArray())).toBe(
      "DataError: Dataset.fromIterable: a generator runs once, and was used up by the pass before. " +
        "Pass the function that makes it.",
    );
    const stream = Dataset.fromStream(new ReadableStream({ start: (controller) => controller.close() }));
    expect(await stream.toArray()).toEqual([]);
    expect(await rejection(stream.toArray())).toContain("a stream runs once");
  });

  it("tells at which element a function or the source failed, with the error as the cause", async () => {
    const bad = of(upTo(20)).map((i) => {
      if (i === 17) throw new RangeError("no such thing");
      return i;
    });
    expect(await rejection(bad.toArray())).toBe("DataError: Dataset.map: element 17: no such thing");
    const error = await bad
      .batch(4)
      .prefetch(2)
      .toArray()
      .catch((caught: unknown) => caught);
    expect((error as Error).cause).toBeInstanceOf(RangeError);
    const refuses = of([1, 2]).filter(() => Promise.reject(new Error("not sure")));
    expect(await rejection(refuses.toArray())).toBe("DataError: Dataset.filter: element 0: not sure");
    const source = Dataset.fromIterable(function* () {
      yield 1;
      throw new Error("cut off");
    });
    expect(await rejection(source.map((i) => i).toArray())).toBe(
      "DataError: Dataset.fromIterable: element 1: cut off",
    );
    const made = Dataset.fromIterable((() => 3) as never);
    expect(await rejection(made.toArray())).toContain("got 3; needs an iterable");
  });

  it("leaves an abort what it is", async () => {
    const controller = new AbortController();
    controller.abort();
    const aborted = of([1]).map(() => controller.signal.throwIfAborted());
    const error = await aborted.toArray().catch((caught: unknown) => caught);
    expect(error).toBe(controller.signal.reason);
  });
});

describe("shuffle", () => {
  it("gives every element once", async () => {
    await fc.assert(
      fc.asyncProperty(lists, sizes, fc.nat(), async (list, bufferSize, seed) => {
        const order = await of(list).shuffle({ bufferSize, seed }).toArray();
        expect(order.toSorted((a, b) => a - b)).toEqual(list.toSorted((a, b) => a - b));
      }),
      { numRuns: 40 },
    );
  });

  it("brings an element forward by less than the buffer", async () => {
    const order = await of(upTo(200)).shuffle({ bufferSize: 10, seed: 1 }).toArray();
    order.forEach((element, place) => {
      expect(element - place).toBeLessThan(10);
    });
    expect(await of(upTo(20)).shuffle({ bufferSize: 1 }).toArray()).toEqual(upTo(20));
  });

  it("orders each epoch anew, by seed and epoch alone", async () => {
    const data = of(upTo(50)).shuffle({ bufferSize: 50, seed: 7 });
    const epochs = [await data.toArray(), await data.toArray(), await data.toArray()];
    expect(epochs[0]).not.toEqual(epochs[1]);
    const again = of(upTo(50)).shuffle({ bufferSize: 50, seed: 7 });
    expect(await again.atEpoch(2).toArray()).toEqual(epochs[2]);
    expect(
      await again
        .batch(50)
        .map((batch) => [...batch])
        .toArray(),
    ).toEqual([epochs[0]]);
    expect(await again.repeat(3).toArray()).toEqual(epochs.flat());
    expect(await again.repeat().take(150).toArray()).toEqual(epochs.flat());
    // A second epoch of three repeats goes on behind the first.
    const fourth = await again.atEpoch(3).toArray();
    expect((await again.repeat(3).atEpoch(1).toArray()).slice(0, 50)).toEqual(fourth);
    expect(await of(upTo(50)).shuffle({ bufferSize: 50, seed: 8 }).toArray()).not.toEqual(epochs[0]);
  });

  it("keeps one order without reshuffling", async () => {
    const data = of(upTo(50)).shuffle({ bufferSize: 50, seed: 7, reshuffle: false });
    expect(await data.toArray()).toEqual(await data.toArray());
  });

  it("makes every order of a full buffer equally likely", async () => {
    const found = new Map<string, number>();
    const trials = 6000;
    for (let seed = 0; seed < trials; seed++) {
      const order = (await of([1, 2, 3]).shuffle({ bufferSize: 3, seed }).toArray()).join("");
      found.set(order, (found.get(order) ?? 0) + 1);
    }
    expect(found.size).toBe(6);
    // Five standard deviations of a binomial of probability 1/6.
    const deviation = Math.sqrt(trials * (1 / 6) * (5 / 6));
    for (const count of found.values()) expect(Math.abs(count - trials / 6)).toBeLessThan(5 * deviation);
  });
});
