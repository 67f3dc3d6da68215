/** Event files: what TensorBoard itself read of the same bytes (tests/peers/tensorboard), and what a training writes. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compile, dense, input, sequential } from "../../src/index.js";
import { fileVersion, histogram, markdown, scalar, summaryEvent } from "../../src/plot/events/event.js";
import { joined } from "../../src/plot/events/protobuf.js";
import { tensorBoardLog } from "../../src/plot/index.js";
import { rowsOf } from "../given/models.js";
import { readEvents, records } from "./readEvents.js";

interface Given {
  readonly base64: string;
  readonly read: {
    readonly fileVersion: number;
    readonly scalars: Record<string, [number, number, number | string][]>;
    readonly histograms: Record<
      string,
      {
        step: number;
        min: number;
        max: number;
        num: number;
        sum: number;
        sum_squares: number;
        bucket_limit: number[];
        bucket: number[];
      }[]
    >;
    readonly texts: Record<string, { plugin: string; strings: string[] }>;
  };
}

const path = join(import.meta.dirname, "../peers/tensorboard/events.json");
const VALUES = [-2, -1.5, 0, 0.25, 0.25, 3, 4, Number.NaN];

/** The file that TensorBoard was given. */
const file = () =>
  joined([
    fileVersion({ seconds: 1_700_000_000.25, step: 0 }),
    summaryEvent({ seconds: 1_700_000_001.5, step: 3 }, [
      scalar("loss/training", 0.625),
      scalar("ünï/🙂", -1e-30),
    ]),
    // Beyond four bytes, and of more than 127 steps: numbers of several bytes.
    summaryEvent({ seconds: 1_700_000_002, step: 5_000_000_000 }, [
      scalar("loss/training", Number.POSITIVE_INFINITY),
    ]),
    summaryEvent({ seconds: 1_700_000_003, step: 300 }, [
      histogram("dense/kernel", VALUES),
      histogram("none", []),
    ]),
    summaryEvent({ seconds: 1_700_000_004, step: 0 }, [
      markdown("summary", `    ${"a line of text\n    ".repeat(20)}`),
    ]),
  ]);

describe("an event file", () => {
  const update = () => {
    const before = JSON.parse(readFileSync(path, "utf8")) as Partial<Given>;
    writeFileSync(
      path,
      `${JSON.stringify({ ...before, base64: Buffer.from(file()).toString("base64") }, null, 1)}\n`,
    );
  };

  it("is, byte by byte, the one that TensorBoard was given", () => {
    if (process.env.UPDATE_GIVEN) update();
    const { base64 } = JSON.parse(readFileSync(path, "utf8")) as Given;
    expect(Buffer.from(file()).toString("base64")).toBe(base64);
  });

  it("was read by TensorBoard as what was written", () => {
    const { read } = JSON.parse(readFileSync(path, "utf8")) as Given;
    expect(read.fileVersion).toBe(2);
    expect(read.scalars).toEqual({
      "loss/training": [
        [1_700_000_001.5, 3, 0.625],
        [1_700_000_002, 5_000_000_000, "inf"],
      ],
      "ünï/🙂": [[1_700_000_001.5, 3, Math.fround(-1e-30)]],
    });
    const [kernel] = read.histograms["dense/kernel"] ?? [];
    expect(kernel).toMatchObject({ step: 300, min: -2, max: 4, num: 7, sum: 4, sum_squares: 31.375 });
    expect(kernel?.bucket.reduce((sum, one) => sum + one, 0)).toBe(7);
    expect(kernel?.bucket_limit.at(-1)).toBe(4);
    // Those below each limit are those that TensorBoard counts below it.
    kernel?.bucket_limit.slice(0, -1).forEach((limit, i) => {
      const below = VALUES.filter((value) => value < limit - 1e-12).length;
      expect(kernel.bucket.slice(0, i + 1).reduce((sum, one) => sum + one, 0)).toBe(below);
    });
    expect(read.histograms.none?.[0]).toMatchObject({ num: 0, sum: 0 });
    expect(read.texts.summary?.plugin).toBe("text");
    expect(read.texts.summary?.strings.join("").match(/a line of text/g)).toHaveLength(20);
  });

  it("has checksums that find a changed byte", () => {
    const bytes = file();
    expect(records(bytes)).toHaveLength(5);
    for (const at of [3, 20, bytes.length - 1]) {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] as number) ^ 1;
      expect(() => records(damaged)).toThrow();
    }
  });
});

describe("tensorBoardLog", () => {
  const data = { x: rowsOf(8, 2), y: rowsOf(8, 1, 2) };
  const make = () =>
    compile(sequential(input(2), dense(3, "tanh"), dense(1)), {
      loss: "meanSquaredError",
      metrics: ["meanAbsoluteError"],
      seed: 1,
    });

  it("writes the scores of each epoch, those of steps, histograms, statistics of layers and texts", async () => {
    const model = await make();
    const log = tensorBoardLog({
      per: "step",
      histograms: 2,
      texts: { summary: model.summary(), note: "one line" },
    });
    const reports = await model.fit(data, {
      epochs: 3,
      batchSize: 4,
      validation: data,
      statistics: true,
      callbacks: [log],
    });
    const events = readEvents(log.bytes);
    expect(events[0]?.version).toBe("brain.Event:2");
    expect(events[1]?.texts.note).toBe("one line");
    expect(events[1]?.texts.summary).toContain("    total");
    expect(events[1]?.texts.summary?.replaceAll(/^ {4}/gm, "")).toBe(model.summary());
    const steps = events.filter(({ scalars }) => "step/loss" in scalars);
    expect(steps.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5]);
    const epochs = events.filter(({ scalars }) => "loss/training" in scalars);
    expect(epochs.map(({ step }) => step)).toEqual([2, 4, 6]);
    epochs.forEach(({ scalars, histograms, seconds }, i) => {
      const report = reports[i]!;
      expect(scalars["loss/training"]).toBe(Math.fround(report.loss));
      expect(scalars["loss/validation"]).toBe(Math.fround(report.validation.loss));
      expect(scalars["meanAbsoluteError/validation"]).toBe(Math.fround(report.validation.meanAbsoluteError));
      expect(scalars["updateRatio/dense"]).toBe(
        Math.fround(report.statistics?.layers.dense?.updateRatio as number),
      );
      expect(histograms).toEqual(
        i === 1 ? ["dense/kernel", "dense/bias", "dense_2/kernel", "dense_2/bias"] : [],
      );
      expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(600);
    });
  });

  it("leaves a training as it is without, to the bit, and hands pieces to write in order", async () => {
    const [plain, logged] = [await make(), await make()];
    const pieces: Uint8Array[] = [];
    const log = tensorBoardLog({ write: async (bytes) => pieces.push(bytes), histograms: 1 });
    await plain.fit(data, { epochs: 3 });
    await logged.fit(data, { epochs: 3, callbacks: [log] });
    expect(logged.weights()).toEqual(plain.weights());
    expect(pieces).toHaveLength(1 + 3);
    expect(readEvents(joined(pieces)).map(({ step }) => step)).toEqual([0, 1, 2, 3]);
    expect(log.bytes).toHaveLength(0);
  });
});
