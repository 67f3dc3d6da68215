import { describe, expect, it } from "vitest";
import { compile, dense, input, sequential } from "../../src/index.ts";
import { Purpose, philox, randomStream, shuffledOrder, splitSeed } from "../../src/numeric/random.ts";

/** kat_vectors of Random123 1.14: philox4x32 10, counter, key, expected. */
const KNOWN_ANSWERS = [
  {
    counter: [0, 0, 0, 0],
    key: [0, 0],
    words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  },
  {
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
] as const;

/** One block by BigInt, straight from the paper: independent of the 16-bit halves of src/numeric/random.ts. */
function philoxByBigInt(counter: readonly bigint[], key: readonly bigint[]): number[] {
  const word = 0xffffffffn;
  let [c0, c1, c2, c3] = counter as [bigint, bigint, bigint, bigint];
  let [k0, k1] = key as [bigint, bigint];
  for (let round = 0; round < 10; round++) {
    const product0 = 0xd2511f53n * c0;
    const product1 = 0xcd9e8d57n * c2;
    [c0, c1, c2, c3] = [
      (product1 >> 32n) ^ c1 ^ k0,
      product1 & word,
      (product0 >> 32n) ^ c3 ^ k1,
      product0 & word,
    ];
    k0 = (k0 + 0x9e3779b9n) & word;
    k1 = (k1 + 0xbb67ae85n) & word;
  }
  return [c0, c1, c2, c3].map(Number);
}

describe("philox", () => {
  it.each(KNOWN_ANSWERS)("gives Random123's known answer for counter $counter", ({ counter, key, words }) => {
    const out = new Uint32Array(4);
    const [c0, c1, c2, c3] = counter;
    philox(out, c0, c1, c2, c3, key[0], key[1]);
    expect([...out]).toEqual(words);
  });
});

describe("randomStream", () => {
  it("is word e & 3 of block e >> 2, for every counter word and both halves of the seed", () => {
    const seed = 0x12345_9abcdef0;
    const stream = randomStream(seed, 0xdeadbeef, 77, Purpose.Shuffle);
    for (const index of [0, 1, 2, 3, 4, 1001, 2 ** 32 + 6, 2 ** 34 - 1]) {
      const counter = [BigInt(Math.floor(index / 4)), 0xdeadbeefn, 77n, 2n];
      expect(stream.uint32(index)).toBe(philoxByBigInt(counter, [0x9abcdef0n, 0x12345n])[index % 4]);
    }
  });

  it("does not depend on the order of the calls", () => {
    const forwards = randomStream(5, 6, 7, Purpose.Uniform);
    const backwards = randomStream(5, 6, 7, Purpose.Uniform);
    const up = Array.from({ length: 40 }, (_, i) => forwards.uint32(i));
    const down = Array.from({ length: 40 }, (_, i) => backwards.uint32(39 - i));
    expect(down.reverse()).toEqual(up);
  });

  it("differs in seed, step, node and purpose", () => {
    const streams = [
      randomStream(1, 0, 0, Purpose.Uniform),
      randomStream(2, 0, 0, Purpose.Uniform),
      randomStream(1 + 2 ** 32, 0, 0, Purpose.Uniform),
      randomStream(1, 1, 0, Purpose.Uniform),
      randomStream(1, 0, 1, Purpose.Uniform),
      randomStream(1, 0, 0, Purpose.Shuffle),
      randomStream(1, 0, 0, Purpose.Dropout),
    ];
    const words = streams.flatMap((stream) => [0, 1, 2, 3].map((index) => stream.uint32(index)));
    expect(new Set(words).size).toBe(28);
  });
});

describe("splitSeed", () => {
  it("splits the largest safe integer into 32 and 21 bits", () => {
    expect(splitSeed(Number.MAX_SAFE_INTEGER)).toEqual([0xffffffff, 0x1fffff]);
    expect(splitSeed(2 ** 32 + 5)).toEqual([5, 1]);
    expect(splitSeed(0)).toEqual([0, 0]);
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("refuses %s", (seed) => {
    expect(() => splitSeed(seed)).toThrow(RangeError);
  });
});

describe("initial weights", () => {
  it("are low + (word >>> 8) · (high − low) · 2⁻²⁴ of the host's stream, in f32", async () => {
    const model = await compile(sequential(input(3), dense(7, { kernelInitializer: "uniform", name: "a" })), {
      seed: 2 ** 33 + 11,
    });
    const stream = randomStream(2 ** 33 + 11, 0, 0, Purpose.Uniform);
    const step = Math.fround(2 * 2 ** -24);
    const expected = Array.from({ length: 21 }, (_, i) =>
      Math.fround(Math.fround((stream.uint32(i) >>> 8) * step) - 1),
    );
    expect([...(model.weights()["a/kernel"]?.data ?? [])]).toEqual(expected);
    expect([...(model.weights()["a/bias"]?.data ?? [])]).toEqual(new Array(7).fill(0));
  });
});

describe("shuffledOrder", () => {
  it("is a permutation, for 0 to 20 rows", () => {
    for (let n = 0; n <= 20; n++) {
      const out = new Uint32Array(n);
      shuffledOrder(out, 9, 4);
      expect([...out].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
    }
  });

  it("repeats for the same seed and epoch, and changes with either", () => {
    const order = (seed: number, epoch: number) => {
      const out = new Uint32Array(50);
      shuffledOrder(out, seed, epoch);
      return [...out];
    };
    expect(order(3, 7)).toEqual(order(3, 7));
    expect(order(3, 8)).not.toEqual(order(3, 7));
    expect(order(4, 7)).not.toEqual(order(3, 7));
  });

  it("puts each of 5 rows in each place equally often, and each of the 120 orders", () => {
    const epochs = 24_000;
    const places = new Float64Array(25);
    const orders = new Map<string, number>();
    const out = new Uint32Array(5);
    for (let epoch = 0; epoch < epochs; epoch++) {
      shuffledOrder(out, 77, epoch);
      out.forEach((row, place) => {
        places[place * 5 + row] = (places[place * 5 + row] ?? 0) + 1;
      });
      orders.set(out.join(), (orders.get(out.join()) ?? 0) + 1);
    }
    const chiSquare = (counts: Iterable<number>, expected: number) =>
      [...counts].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // The 0.999 quantiles of chi-square: 18.467 at 4 degrees of freedom, 172.5 at 119 (Wilson and Hilferty).
    for (let i = 0; i < 5; i++)
      expect(chiSquare(places.subarray(i * 5, i * 5 + 5), epochs / 5)).toBeLessThan(18.467);
    expect(orders.size).toBe(120);
    expect(chiSquare(orders.values(), epochs / 120)).toBeLessThan(172.5);
  });
});
