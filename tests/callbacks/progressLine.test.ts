/** progressLine: what is drawn, on a terminal and elsewhere. Its clock is one that the test sets. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { OptionError, progressLine, type Training } from "../../src/index.ts";
import { rowsOf, weightBits } from "../given/models.ts";
import { batchSize, data, model, validation } from "./training.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** A training that stands so far. */
const at = (epoch: number, stepsOfEpoch: number, stepsPerEpoch?: number) =>
  ({ epoch, stepsOfEpoch, stepsPerEpoch, epochs: 4 }) as unknown as Training;
const report = (epoch: number, more: object = {}) => ({
  epoch,
  steps: 10,
  loss: 0.123456,
  learningRate: 0.1,
  samplesPerSecond: 5,
  ...more,
});

function drawing(options: { redraw?: boolean; width?: number } = {}) {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  const written: string[] = [];
  const line = progressLine({ write: (text) => written.push(text), ...options });
  return { line, written, pass };
}

describe("progressLine", () => {
  it("has a line for each epoch, with what is left by the pace so far", () => {
    const { line, written, pass } = drawing();
    line.onTrainBegin?.(at(1, 0, 10));
    pass(2000);
    line.onSlice?.(at(1, 5, 10));
    expect(written).toEqual([]);
    line.onEpochEnd?.(report(1, { validation: { loss: 0.5 } }), at(1, 0, 10));
    pass(2000 * 3);
    line.onEpochEnd?.(report(4), at(4, 0, 10));
    line.onTrainEnd?.(at(4, 0, 10));
    expect(written).toEqual([
      "epoch 1/4  [====================]  10/10  ETA 0:06  loss 0.1235  validation.loss 0.5\n",
      "epoch 4/4  [====================]  10/10  0:08  loss 0.1235\n",
    ]);
  });

  it("draws over itself on a terminal, at most ten times a second", () => {
    const { line, written, pass } = drawing({ redraw: true });
    line.onTrainBegin?.(at(1, 0, 10));
    for (let step = 1; step <= 9; step++) {
      pass(40);
      line.onSlice?.(at(1, step, 10));
    }
    line.onEpochEnd?.(report(1), at(1, 0, 10));
    expect(written.map((text) => text.slice(0, 28))).toEqual([
      "\repoch 1/4  [======         ",
      "\repoch 1/4  [============   ",
      "\repoch 1/4  [===============",
      "\repoch 1/4  [===============",
    ]);
    expect(written.at(-1)?.endsWith("\n")).toBe(true);
  });

  it("covers with a shorter line what the longer one left", () => {
    const { line, written, pass } = drawing({ redraw: true });
    line.onTrainBegin?.(at(1, 0, 10));
    pass(3_700_000);
    line.onSlice?.(at(1, 1, 10));
    pass(3_700_000);
    line.onSlice?.(at(4, 9, 10));
    const [long = "", short = ""] = written;
    expect(long.trimEnd()).toMatch(/ETA 40:05:00$/);
    expect(short.trimEnd()).toMatch(/ETA 3:10$/);
    expect(short).toHaveLength(long.length);
  });

  it("ends the line of an epoch that is not finished", () => {
    const { line, written, pass } = drawing({ redraw: true });
    line.onTrainBegin?.(at(1, 0, 10));
    pass(200);
    line.onSlice?.(at(1, 3, 10));
    line.onTrainEnd?.(at(1, 3, 10));
    expect(written.at(-1)).toBe("\n");
  });

  it("counts only the steps of this fit after a resume", () => {
    const { line, written, pass } = drawing();
    line.onTrainBegin?.(at(2, 5, 10));
    pass(1000);
    // Five steps a second; twenty are left.
    line.onEpochEnd?.(report(2), at(2, 0, 10));
    expect(written[0]).toContain("ETA 0:04");
  });

  it("says of a stream what it knows", () => {
    const { line, written, pass } = drawing({ redraw: true });
    line.onTrainBegin?.(at(1, 0));
    pass(1500);
    line.onSlice?.(at(1, 7));
    line.onEpochEnd?.(report(1), at(1, 0));
    expect(written[0]).toBe("\repoch 1/4  step 7");
    expect(written[1]).toBe("\repoch 1/4  step 10  ETA 0:05  loss 0.1235\n");
  });

  it("cuts no score off the line that stays, also of a terminal", () => {
    const { line, written, pass } = drawing({ redraw: true });
    line.onTrainBegin?.(at(1, 0, 10));
    line.onEpochEnd?.(report(1, { accuracy: 0.5, validation: { loss: 0.25, accuracy: 0.75 } }), at(1, 0, 10));
    pass(1000);
    line.onSlice?.(at(2, 5, 10));
    const scores = "loss 0.1235  accuracy 0.5  validation.loss 0.25  validation.accuracy 0.75\n";
    expect(written[0]?.endsWith(scores)).toBe(true);
    expect(written[0]?.length).toBeGreaterThan(100);
    // Drawn over, a line that wraps would leave its beginning on the screen.
    expect(written[1]).toHaveLength(1 + 80);
  });

  it("has 80 columns on a terminal that does not know how many it has", () => {
    const written: string[] = [];
    const stderr = { write: (text: string) => written.push(text), isTTY: true, columns: 0 };
    vi.stubGlobal("process", { stderr });
    const line = progressLine();
    line.onTrainBegin?.(at(1, 0, 10));
    line.onEpochEnd?.(report(1), at(1, 0, 10));
    expect(written).toEqual([expect.stringMatching(/^\repoch 1\/4 .* loss 0\.1235\n$/)]);
    expect(() => progressLine({ width: 0 })).toThrow("progressLine: width is 0; needs an integer");
  });

  it("shows hours, and no more columns than there are", () => {
    const { line, written, pass } = drawing({ width: 52 });
    line.onTrainBegin?.(at(1, 0, 10));
    pass(3_723_000);
    line.onEpochEnd?.(report(1), at(1, 0, 10));
    expect(written).toEqual(["epoch 1/4  [====================]  10/10  ETA 3:06:0\n"]);
  });

  it("goes to standard error where there is one, else to the console", () => {
    const written: string[] = [];
    const stderr = { write: (text: string) => written.push(text), isTTY: true, columns: 40 };
    vi.stubGlobal("process", { stderr });
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    const onTerminal = progressLine();
    onTerminal.onTrainBegin?.(at(1, 0, 10));
    now = 200;
    onTerminal.onSlice?.(at(1, 5, 10));
    expect(written[0]).toMatch(/^\repoch 1\/4 {2}\[=+ +\]/);
    expect(written[0]?.length).toBe(1 + 40);
    vi.stubGlobal("process", undefined);
    const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const onConsole = progressLine();
    onConsole.onTrainBegin?.(at(1, 0, 10));
    onConsole.onEpochEnd?.(report(1), at(1, 0, 10));
    onConsole.onTrainEnd?.(at(1, 0, 10));
    expect(error.mock.calls).toEqual([[expect.stringMatching(/^epoch 1\/4 .*loss 0\.1235$/)]]);
  });

  it("changes no bit of what is trained, and has a line for each epoch of it", async () => {
    const [plain, shown] = [await model(), await model()];
    await plain.fit(data, { batchSize, epochs: 3 });
    const written: string[] = [];
    const line = progressLine({ write: (text) => written.push(text), redraw: true });
    await shown.fit(data, { batchSize, epochs: 3, validation, callbacks: [line] });
    expect(weightBits(shown)).toEqual(weightBits(plain));
    const ends = written.filter((text) => text.endsWith("\n"));
    expect(ends.map((text) => text.slice(1, 10))).toEqual(["epoch 1/3", "epoch 2/3", "epoch 3/3"]);
    expect(ends[2]).toContain("validation.loss");
    const large = { x: rowsOf(64, 3), y: rowsOf(64, 2) };
    await shown.fit(large, {
      batchSize: 1,
      callbacks: [progressLine({ write: (text) => written.push(text) })],
    });
    expect(written.at(-1)).toContain("64/64");
  });

  it.each<[string, object, string]>([
    ["a width of 0", { width: 0 }, "progressLine: width is 0; needs an integer of at least 1"],
    ["a stream for a function", { write: {} }, "write is an object (Object); needs a function"],
    ["a flag that is none", { redraw: 1 }, "redraw is 1; needs true or false"],
    ["a misspelled option", { widht: 5 }, 'Did you mean "width"?'],
  ])("refuses %s", (_, options, message) => {
    expect(() => progressLine(options)).toThrow(OptionError);
    expect(() => progressLine(options)).toThrow(message);
  });
});
