/** What does not fit into memory is refused with byte counts, before any work. */
import { describe, expect, it } from "vitest";
import { compile, dense, input, OutOfMemoryError, sequential, sgd } from "../../src/index.js";
import { rejectionOf, rowsOf, weightBits } from "../given/models.js";

const network = () => sequential(input(50), dense(100, "relu"), dense(10));
const settings = { loss: "meanSquaredError", optimizer: sgd() } as const;
const data = { x: rowsOf(64, 50), y: rowsOf(64, 10) };
const PAGE = 65536;

function expectBytes(error: unknown, limit: number): OutOfMemoryError {
  expect(error).toBeInstanceOf(OutOfMemoryError);
  const { requiredBytes, limitBytes, message } = error as OutOfMemoryError;
  expect(limitBytes).toBe(limit);
  expect(requiredBytes).toBeGreaterThan(limit);
  expect(message).toContain(`needs ${requiredBytes} bytes; the limit is ${limit}`);
  expect(message).toContain("or raise memoryLimit");
  return error as OutOfMemoryError;
}

describe("a network that does not fit into memory", () => {
  it("is refused with the bytes of its plan and of the limit", async () => {
    const { memory } = await compile(network(), settings);
    expect((await compile(network(), { ...settings, memoryLimit: memory.planned })).memory).toEqual(memory);
    const tiny = expectBytes(await rejectionOf(compile(network(), { ...settings, memoryLimit: 1000 })), 1000);
    // The least that is needed when values are computed again: exactly what the error says.
    const least = tiny.requiredBytes;
    expect(least).toBeLessThanOrEqual(memory.planned);
    const fitting = await compile(network(), { ...settings, memoryLimit: least });
    expect(fitting.memory.planned).toBe(least);
    const limit = least - 1;
    const error = expectBytes(
      await rejectionOf(compile(network(), { ...settings, memoryLimit: limit })),
      limit,
    );
    expect(error.requiredBytes).toBe(least);
    expect(error.message).toContain("memory: the network needs");
    expect(error.message).toContain(", so 1 are missing.");
  });

  it("is refused when 32 bits cannot address it, without taking memory for it", async () => {
    const huge = sequential(input(1_000_000), dense(1_000_000));
    const error = await rejectionOf(compile(huge, settings));
    expect(error).toBeInstanceOf(OutOfMemoryError);
    expect((error as OutOfMemoryError).limitBytes).toBeLessThanOrEqual(2 ** 32);
    // 10¹² weights and as many gradients, of four bytes each.
    expect((error as OutOfMemoryError).requiredBytes).toBeGreaterThan(8e12);
  });
});

describe("a fit that does not fit into memory", () => {
  it("is refused for its data, and changes nothing", async () => {
    const { memory } = await compile(network(), { ...settings, batchSize: 8 });
    const limit = memory.planned + PAGE / 64;
    const model = await compile(network(), { ...settings, batchSize: 8, memoryLimit: limit });
    const before = weightBits(model);
    const least = expectBytes(
      await rejectionOf(compile(network(), { ...settings, batchSize: 8, memoryLimit: 1000 })),
      1000,
    ).requiredBytes;
    const inOneGo = { batchSize: 8, dataMemory: 2 ** 20 };
    const error = expectBytes(await rejectionOf(model.fit(data, inOneGo)), limit);
    expect(error.message).toContain("the network with its data needs");
    expect(error.message).toContain("dataMemory");
    // 64 rows of 50 + 10 floats and their order.
    expect(error.requiredBytes - least).toBeGreaterThanOrEqual(64 * (60 * 4 + 4));
    expect(weightBits(model)).toEqual(before);
    expect(await model.predict(data.x)).toHaveLength(640);
  });

  it("leaves the plan as it was, so that what fitted before fits again", async () => {
    const model = await compile(sequential(input(1000), dense(1)), {
      loss: "meanSquaredError",
      memoryLimit: 1_200_000,
    });
    const zeros = (rows: number) => ({ x: new Float32Array(rows * 1000), y: new Float32Array(rows) });
    await model.fit(zeros(60));
    const { planned } = model.memory;
    await expect(model.fit(zeros(100), { batchSize: 100 })).rejects.toThrow(OutOfMemoryError);
    await expect(model.fit([zeros(4), zeros(100)])).rejects.toThrow(OutOfMemoryError);
    expect(model.memory.planned).toBe(planned);
    await model.fit(zeros(60));
  });

  it("runs with a smaller dataMemory, to the bits of a model without limit", async () => {
    const free = await compile(network(), { ...settings, batchSize: 8 });
    const limit = free.memory.planned + 8 * 61 * 4 + 256;
    const model = await compile(network(), { ...settings, batchSize: 8, memoryLimit: limit });
    await model.fit(data, { batchSize: 8, dataMemory: 8 * 61 * 4, epochs: 2 });
    await free.fit(data, { batchSize: 8, epochs: 2 });
    expect(weightBits(model)).toEqual(weightBits(free));
  });

  it("is refused for its batchSize, and the model goes on as it was", async () => {
    const { memory } = await compile(network(), { ...settings, batchSize: 8 });
    const limit = memory.planned + 2 * PAGE;
    const model = await compile(network(), { ...settings, batchSize: 8, memoryLimit: limit });
    const untouched = await compile(network(), { ...settings, batchSize: 8 });
    const before = weightBits(model);
    const many = { x: rowsOf(4096, 50), y: rowsOf(4096, 10) };
    const error = expectBytes(await rejectionOf(model.fit(many, { batchSize: 4096 })), limit);
    expect(error.message).toContain("Use a smaller batchSize");
    expect(weightBits(model)).toEqual(before);
    await model.fit(data, { batchSize: 8 });
    await untouched.fit(data, { batchSize: 8 });
    expect(weightBits(model)).toEqual(weightBits(untouched));
  });
});
