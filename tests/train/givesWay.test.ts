/** What gives way, and what is told by its own name: symptoms of public bug reports. */
import { describe, expect, it } from "vitest";
import {
  BusyError,
  compile,
  customLayer,
  dense,
  input,
  learningRateRangeTest,
  OptionError,
  ShapeError,
  sequential,
} from "../../src/index.ts";
import { rejectionOf, rowsOf, weightBits } from "../given/models.ts";

const x = rowsOf(12, 2);
const y = rowsOf(12, 1, 2);
const chain = () => sequential(input(2), dense(3, "tanh"), dense(1));
const model = () => compile(chain(), { loss: "meanSquaredError", seed: 1 });
const message = async (promise: Promise<unknown>) => ((await rejectionOf(promise)) as Error).message;

describe("a batchSize larger than the rows", () => {
  it("gives way, as the default does", async () => {
    const [large, whole] = [await model(), await model()];
    await large.fit({ x, y }, { epochs: 2, batchSize: 500 });
    await whole.fit({ x, y }, { epochs: 2 });
    expect(weightBits(large)).toEqual(weightBits(whole));
  });
});

describe("sample weights in validation", () => {
  it("are taken without any in training, which they do not change", async () => {
    const [weighted, plain] = [await model(), await model()];
    const validation = { x: x.slice(0, 4), y: y.slice(0, 4), sampleWeight: [0, 0, 0, 2] };
    const [report] = await weighted.fit({ x, y }, { validation });
    await plain.fit({ x, y });
    expect(weightBits(weighted)).toEqual(weightBits(plain));
    const [last] = await plain.predict(x.slice(3, 4));
    const expected = (2 * ((last as number) - (y[3]?.[0] as number)) ** 2) / 4;
    expect(report?.validation?.loss).toBeCloseTo(expected, 6);
  });
});

describe("an error", () => {
  it("of a range test names it", async () => {
    expect(await message(learningRateRangeTest(await model(), { x, y: y.slice(1) }))).toMatch(
      /^learningRateRangeTest: x has 12 rows/,
    );
  });

  it("of resuming with a stream says so", async () => {
    const stopped = await model();
    await stopped.fit({ x, y }, { epochs: 2, maxSteps: 1 });
    const resumed = stopped.fit(() => [{ x, y }], { epochs: 2, resume: true });
    expect(await message(resumed)).toContain(
      "resume: the data is a stream, and was arrays of 12 rows when training stopped",
    );
  });

  it("of unfreeze during fit is that of freeze", async () => {
    const busy = await model();
    const errors: unknown[] = [];
    await busy.fit(
      { x, y },
      {
        onEpoch: () => {
          for (const call of [() => busy.freeze("dense"), () => busy.unfreeze("dense")]) {
            try {
              call();
            } catch (error) {
              errors.push(error);
            }
          }
        },
      },
    );
    expect(errors.map((error) => error instanceof BusyError)).toEqual([true, true]);
  });

  it("tells of a custom layer whose shape gives nothing", () => {
    const shapeless = customLayer({
      kind: "shapeless",
      build: ([h]) => h,
      shape: (() => undefined) as never,
    });
    expect(() => sequential(input(2), shapeless)).toThrow(ShapeError);
    expect(() => sequential(input(2), shapeless)).toThrow("shape returns undefined; needs an array of sizes");
  });

  it("of an engine whose promise is rejected is one of the option, with the cause", async () => {
    const cause = new TypeError("offline");
    const error = await rejectionOf(compile(chain(), { engine: Promise.reject(cause) }));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toContain("engine is a promise that was rejected (TypeError: offline)");
    expect((error as Error).cause).toBe(cause);
  });

  it("of hooks among the options of fit says where they belong", async () => {
    const trained = await model();
    const words = async (name: string) =>
      message(trained.fit({ x, y }, { [name]: () => undefined } as never));
    expect(await words("onBatchEnd")).toContain("Give onSteps or onStep, or a callback with onStepEnd");
    expect(await words("onTrainEnd")).toContain("callbacks: [{ onTrainEnd }]");
  });
});
