/** Arrays whose memory is given away, before a call and while one runs: typed errors, and never half of a batch. */
import { describe, expect, it } from "vitest";
import { DataError } from "../../src/check/errors.ts";
import { compile, dense, input, type Model, sequential, sgd } from "../../src/index.ts";
import { rejectionOf, weightBits } from "../given/models.ts";

const ROWS = 4_000;
const makeModel = () =>
  compile(sequential(input(4), dense(2)), { loss: "meanSquaredError", optimizer: sgd(), seed: 1 });
const numbers = (columns: number) =>
  Float32Array.from({ length: ROWS * columns }, (_, i) => ((i * 7) % 13) / 13);

/** Gives the memory of an array away, as a message to a worker does. */
function giveAway({ buffer }: Float32Array): void {
  structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });
}

const calls: [string, (model: Model, x: Float32Array, y: Float32Array) => Promise<unknown>][] = [
  ["predict", (model, x) => model.predict(x)],
  ["evaluate", (model, x, y) => model.evaluate({ x, y })],
  ["fit", (model, x, y) => model.fit({ x, y }, { batchSize: 8 })],
  ["fit beyond dataMemory", (model, x, y) => model.fit({ x, y }, { batchSize: 8, dataMemory: 4096 })],
];

describe.each(calls)("%s of an array whose memory is given away", (_, call) => {
  it("before is refused, with the weights as they were", async () => {
    const model = (await makeModel()) as Model;
    const before = weightBits(model);
    const [x, y] = [numbers(4), numbers(2)];
    giveAway(x);
    expect(await rejectionOf(call(model, x, y))).toBeInstanceOf(DataError);
    expect(weightBits(model)).toEqual(before);
  });

  it("meanwhile is refused, or is what it was: weights stay finite, and training goes on", async () => {
    const model = (await makeModel()) as Model;
    const [x, y] = [numbers(4), numbers(2)];
    const running = call(model, x, y).then(
      () => undefined,
      (error: unknown) => error,
    );
    await Promise.resolve();
    giveAway(x);
    giveAway(y);
    const error = await running;
    if (error !== undefined) expect(error).toBeInstanceOf(DataError);
    const values = Object.values(model.weights()).flatMap(({ data }) => [...data]);
    expect(values.every(Number.isFinite)).toBe(true);
    await model.fit({ x: numbers(4), y: numbers(2) }, { batchSize: 400 });
  });
});

describe("rows of predict", () => {
  it("are those of the call, or an error: never silence in place of numbers", async () => {
    const model = (await makeModel()) as Model;
    const x = numbers(4);
    const whole = await model.predict(x);
    const running = model.predict(x).catch((error: unknown) => error);
    await Promise.resolve();
    giveAway(x);
    const answer = await running;
    if (answer instanceof Error) expect(answer).toBeInstanceOf(DataError);
    else expect(answer).toEqual(whole);
  });
});
