/** Where clocks stand still while code runs, as on edge platforms, training is cut by steps. */
import { afterEach, expect, it, vi } from "vitest";
import { compile, dense, input, sequential, sgd } from "../../src/index.ts";
import { Slices, StepClock } from "../../src/train/feed/slices.ts";
import { rejectionOf, rowsOf } from "../given/models.ts";

afterEach(() => vi.restoreAllMocks());

it.each([
  ["that is watched", { onEpoch: () => undefined }],
  ["that nobody watches", {}],
])("a training %s hears an abort by a clock that stands still", async (_, options) => {
  vi.spyOn(performance, "now").mockReturnValue(7);
  const model = await compile(sequential(input(2), dense(1)), { loss: "meanSquaredError", optimizer: sgd() });
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 0);
  const data = { x: rowsOf(64, 2), y: rowsOf(64, 1) };
  // Enough for some seconds, were it not heard: the test then fails by a training that ends.
  const fitting = model.fit(data, { epochs: 50_000, batchSize: 8, signal: controller.signal, ...options });
  expect(((await rejectionOf(fitting)) as Error).name).toBe("AbortError");
});

it("a clock of whole milliseconds never gives a number of steps that is none", () => {
  const now = vi.spyOn(performance, "now").mockReturnValue(5);
  const clock = new StepClock();
  const slices = new Slices(10);
  clock.add(1, 8, 0);
  now.mockReturnValue(15);
  expect(slices.left).toBe(0);
  expect(clock.stepsWithin(slices.left)).toBe(0);
});
