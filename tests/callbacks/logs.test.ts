/** Logs: of learning rates, as comma-separated values, as lines of JSON. */
import { describe, expect, it } from "vitest";
import {
  compile,
  csvLog,
  dense,
  input,
  jsonLinesLog,
  learningRateLog,
  linearDecay,
  network,
  OptionError,
  sequential,
  sgd,
} from "../../src/index.ts";
import { rowsOf, turnOfTheLoop } from "../given/models.ts";
import { batchSize, data, model, STEPS_PER_EPOCH, validation } from "./training.ts";

/** Rows of cells of comma-separated values, by the grammar of RFC 4180. */
function parse(text: string, separator: string): string[][] {
  const cells = new RegExp(`("(?:[^"]|"")*"|[^${separator}\n]*)([${separator}\n])`, "g");
  const rows: string[][] = [[]];
  for (const [, cell = "", end] of text.matchAll(cells)) {
    rows.at(-1)?.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === "\n") rows.push([]);
  }
  rows.pop();
  return rows;
}

describe("learningRateLog", () => {
  const schedule = linearDecay({ initialLearningRate: 0.1, decaySteps: 20 });
  const build = () =>
    compile(sequential(input(3), dense(2)), {
      loss: "meanSquaredError",
      optimizer: sgd({ learningRate: schedule }),
    });

  it("has the rate of each step", async () => {
    const log = learningRateLog({ per: "step" });
    await (await build()).fit(data, { batchSize, epochs: 2, callbacks: [log] });
    const steps = Array.from({ length: 2 * STEPS_PER_EPOCH }, (_, step) => step);
    expect(log.rates).toEqual(
      steps.map((step) => ({
        epoch: 1 + Math.floor(step / STEPS_PER_EPOCH),
        step,
        learningRate: schedule(step),
      })),
    );
  });

  it("has the rate of each epoch's last step, of the last fit", async () => {
    const log = learningRateLog();
    const trained = await build();
    await trained.fit(data, { batchSize, epochs: 3, callbacks: [log] });
    await trained.fit(data, { batchSize, epochs: 2, callbacks: [log] });
    expect(log.rates).toEqual([
      { epoch: 1, step: 15, learningRate: schedule(15) },
      { epoch: 2, step: 19, learningRate: schedule(19) },
    ]);
  });
});

describe("csvLog", () => {
  it("has a header and the numbers of each report, which read back as they were", async () => {
    const log = csvLog();
    const reports = await (await model()).fit(data, { batchSize, epochs: 3, validation, callbacks: [log] });
    const [header = [], ...rows] = parse(log.text, ",");
    expect(header).toEqual(
      ["epoch", "steps", "loss", "learningRate", "samplesPerSecond", "validation.loss"].sort(
        (a, b) => header.indexOf(a) - header.indexOf(b),
      ),
    );
    const column = (name: string) => rows.map((row) => Number(row[header.indexOf(name)]));
    expect(column("loss")).toEqual(reports.map(({ loss }) => loss));
    expect(column("validation.loss")).toEqual(reports.map((report) => report.validation.loss));
  });

  it("quotes names that hold a separator, a quote or the end of a line", async () => {
    const inputs = { x: input(3) };
    const odd = 'a"b"\nc';
    const named = network({ inputs, outputs: { "p;q": dense(2)(inputs.x), [odd]: dense(2)(inputs.x) } });
    const trained = await compile(named, { loss: "meanSquaredError" });
    const log = csvLog({ separator: ";" });
    const y = { "p;q": rowsOf(20, 2), [odd]: rowsOf(20, 2) };
    await trained.fit({ x: { x: data.x }, y }, { callbacks: [log] });
    const [header = [], row = []] = parse(log.text, ";");
    expect(header).toEqual(expect.arrayContaining(["outputs.p;q.loss", 'outputs.a"b"\nc.loss']));
    expect(row).toHaveLength(header.length);
    expect(log.text).toContain('"outputs.p;q.loss"');
    expect(log.text).toContain('"outputs.a""b""\nc.loss"');
  });

  it("leaves the place of a missing number empty, and writes NaN and ∞ as they are", async () => {
    const log = csvLog();
    const change = {
      onEpochEnd(report: { readonly epoch: number }) {
        if (report.epoch === 1) Object.assign(report, { a: Number.NaN, b: Number.NEGATIVE_INFINITY, c: 1 });
      },
    };
    await (await model()).fit(data, { epochs: 2, callbacks: [change, log] });
    const [header = [], ...rows] = parse(log.text, ",");
    const cells = rows.map((row) => ["a", "b", "c"].map((name) => row[header.indexOf(name)]));
    expect(cells).toEqual([
      ["NaN", "-Infinity", "1"],
      ["", "", ""],
    ]);
  });

  it("has a line for each step on request, and one header for each fit", async () => {
    const log = csvLog({ per: "step" });
    const trained = await model();
    await trained.fit(data, { batchSize, epochs: 2, callbacks: [log] });
    await trained.fit(data, { batchSize, epochs: 1, callbacks: [log] });
    const [header, ...rows] = parse(log.text, ",");
    expect(header).toEqual(["epoch", "step", "rows", "loss", "gradientNorm", "learningRate"]);
    expect(rows.map(([, step]) => step)).toEqual(["8", "9", "10", "11"]);
  });

  it("awaits what writes, and then keeps nothing", async () => {
    const pieces: string[] = [];
    const log = csvLog({
      async write(text) {
        await turnOfTheLoop();
        pieces.push(text);
      },
    });
    const seen: number[] = [];
    const after = { onEpochEnd: () => void seen.push(pieces.length) };
    await (await model()).fit(data, { epochs: 3, callbacks: [log, after] });
    expect(seen).toEqual([1, 2, 3]);
    expect(log.text).toBe("");
    expect(parse(pieces.join(""), ",")).toHaveLength(4);
  });

  it.each(['"', "\n", "", ",,", "5", ".", "e", "-"])("refuses %j as separator", (separator) => {
    expect(() => csvLog({ separator })).toThrow(OptionError);
    expect(() => csvLog({ separator })).toThrow("needs one letter that no number has");
  });
});

describe("jsonLinesLog", () => {
  it("has each report as a line of JSON", async () => {
    const log = jsonLinesLog();
    const reports = await (await model()).fit(data, { batchSize, epochs: 3, validation, callbacks: [log] });
    const lines = log.text.split("\n");
    expect(lines.pop()).toBe("");
    expect(lines.map((line) => JSON.parse(line))).toEqual(reports);
  });

  it("writes typed arrays as arrays, and what is no number as null", async () => {
    const log = jsonLinesLog();
    const change = {
      onEpochEnd: (report: object) =>
        void Object.assign(report, { matrix: Float32Array.of(1, 2.5), odd: Number.NaN }),
    };
    await (await model()).fit(data, { callbacks: [change, log] });
    expect(JSON.parse(log.text)).toMatchObject({ matrix: [1, 2.5], odd: null });
  });

  it("has each step on request", async () => {
    const log = jsonLinesLog({ per: "step" });
    await (await model()).fit(data, { batchSize, callbacks: [log] });
    const steps = log.text
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { step: number }).step);
    expect(steps).toEqual([0, 1, 2, 3]);
  });
});

describe("logs refuse", () => {
  const wrong = (value: unknown) => value as never;
  it.each<[string, () => unknown, string]>([
    ["an unknown unit", () => csvLog({ per: wrong("batch") }), 'csvLog: there is no unit of per "batch"'],
    [
      "a stream for a function",
      () => jsonLinesLog({ write: wrong({}) }),
      "write is an object (Object); needs a function",
    ],
    ["a misspelled option", () => csvLog(wrong({ seperator: ";" })), 'Did you mean "separator"?'],
    ["an unknown unit of rates", () => learningRateLog({ per: wrong("steps") }), 'Did you mean "step"?'],
  ])("%s", (_, build, message) => {
    expect(build).toThrow(OptionError);
    expect(build).toThrow(message);
  });
});
