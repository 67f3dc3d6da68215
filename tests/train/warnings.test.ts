/** What is found is not lost where nobody looks: it is warned of once, and who looks is not warned. */
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  type Callback,
  compile,
  csvLog,
  dense,
  type FitOptions,
  input,
  progressLine,
  sequential,
} from "../../src/index.ts";
import { rejectionOf, rowsOf } from "../given/models.ts";

const data = { x: rowsOf(16, 2).map((row) => row.map((one) => one * 25)), y: rowsOf(16, 1, 2) };
const model = () => compile(sequential(input(2), dense(1)), { loss: "meanSquaredError", seed: 1 });

afterEach(() => {
  vi.restoreAllMocks();
});

const quiet = () => vi.spyOn(console, "warn").mockImplementation(() => undefined);

describe("a finding that nobody can have seen", () => {
  it.each<[string, FitOptions]>([
    ["without callbacks", {}],
    ["with a log that has numbers only", { callbacks: [csvLog()] }],
  ])("is warned of once on the console, with the mend, %s", async (_, options) => {
    const warn = quiet();
    const trained = await model();
    for (let i = 0; i < 3; i++) await trained.fit(data, { ...options, epochs: 3 });
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toMatch(
      /^wasmgrad: fit: the input "input" reaches from .* standardScaler/,
    );
  });

  it("is given to onWarning in place of the console; false silences it", async () => {
    const warn = quiet();
    const texts: string[] = [];
    await (await model()).fit(data, { onWarning: (text) => texts.push(text) });
    await (await model()).fit(data, { onWarning: false });
    expect(warn).not.toHaveBeenCalled();
    expect(texts).toHaveLength(1);
    const error = await rejectionOf((await model()).fit(data, { onWarning: 3 as never }));
    expect((error as Error).message).toBe("fit: onWarning is 3; needs a function.");
  });

  it.each<[string, FitOptions]>([
    ["onEpoch", { onEpoch: () => undefined }],
    ["a health function", { health: () => undefined }],
    ["a callback of one's own", { callbacks: [{ onEpochEnd: () => undefined } satisfies Callback] }],
    ["health: false", { health: false }],
  ])("is not warned of with %s", async (_, options) => {
    const warn = quiet();
    await (await model()).fit(data, options);
    expect(warn).not.toHaveBeenCalled();
  });

  it("is written by progressLine, with the mend, below the line of its epoch", async () => {
    const warn = quiet();
    let text = "";
    const line = progressLine({
      redraw: false,
      write: (part) => {
        text += part;
      },
    });
    await (await model()).fit(data, { epochs: 2, callbacks: [line] });
    const lines = text.split("\n");
    expect(lines[0]).toContain("epoch 1/2");
    expect(lines[1]).toMatch(/^! the input "input" reaches .* standardScaler/);
    expect(lines[2]).toContain("epoch 2/2");
    expect(warn).not.toHaveBeenCalled();
  });
});
