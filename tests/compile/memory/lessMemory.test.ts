/** Recomputation in whole trainings: half the memory, the same bits. */
import { describe, expect, it } from "vitest";
import { adam, compile, dense, dropout, input, OutOfMemoryError, sequential } from "../../../src/index.ts";
import { numbers, rejectionOf, weightBits } from "../../given/models.ts";

const ROWS = 2048;
const WIDTH = 16;
const data = {
  x: Float32Array.from(numbers(2 * ROWS * WIDTH)),
  y: Uint8Array.from({ length: 2 * ROWS }, (_, i) => (i * 7) % 5),
};

/** Twelve dense layers, a dropout among them, and an output. */
function deep() {
  const hidden = Array.from({ length: 12 }, (_, i) => [
    dense(WIDTH, i % 2 ? "relu" : "tanh"),
    ...(i === 5 ? [dropout(0.2)] : []),
  ]);
  return sequential(input(WIDTH), ...hidden.flat(), dense(5, "softmax"));
}

const settings = { loss: "crossEntropy", optimizer: adam(), seed: 3, batchSize: ROWS } as const;
const options = { epochs: 3, batchSize: ROWS };

describe("a network of twelve layers", () => {
  it("trains in less than half its natural memory to the same bits", async () => {
    const free = await compile(deep(), settings);
    const memoryLimit = Math.floor(free.memory.planned / 2);
    const tight = await compile(deep(), { ...settings, memoryLimit });
    expect(tight.memory.planned).toBeLessThanOrEqual(memoryLimit);
    // What is computed again stands in the program a second time.
    const length = (model: typeof free) => model.disassemble("train").split("\n").length;
    expect(length(tight)).toBeGreaterThan(length(free));
    const [expected, reports] = [await free.fit(data, options), await tight.fit(data, options)];
    expect(tight.memory.total).toBeLessThanOrEqual(memoryLimit + 65536);
    expect(weightBits(tight)).toEqual(weightBits(free));
    expect(reports.map(({ loss }) => loss)).toEqual(expected.map(({ loss }) => loss));
  });

  it("is refused with the bytes that are missing where no recomputation is enough", async () => {
    const error = await rejectionOf(compile(deep(), { ...settings, memoryLimit: 100_000 }));
    expect(error).toBeInstanceOf(OutOfMemoryError);
    const { requiredBytes, limitBytes, message } = error as OutOfMemoryError;
    expect(limitBytes).toBe(100_000);
    expect(message).toContain(`so ${requiredBytes - 100_000} are missing`);
    const least = await compile(deep(), { ...settings, memoryLimit: requiredBytes });
    expect(least.memory.planned).toBe(requiredBytes);
  });

  it("goes on with more memory after it was frozen, and with less again after", async () => {
    const free = await compile(deep(), settings);
    const memoryLimit = Math.floor(free.memory.planned * 0.6);
    const tight = await compile(deep(), { ...settings, memoryLimit });
    for (const model of [free, tight]) {
      model.freeze("dense", "dense_2", "dense_3");
      await model.fit(data, options);
      model.unfreeze("*");
      await model.fit(data, options);
    }
    expect(tight.memory.planned).toBeLessThanOrEqual(memoryLimit);
    expect(weightBits(tight)).toEqual(weightBits(free));
  });
});
