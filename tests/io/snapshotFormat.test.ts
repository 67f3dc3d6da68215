/**
 * Snapshots of format 1 as the tree at b6ba24d wrote them, before state had one owner: tests/given/snapshots/format1.json,
 * of trainings that stopped in the midst of an epoch and between two, and after all of their epochs.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { adam, compile, dense, dropout, input, sequential } from "../../src/index.ts";
import { rowsOf } from "../given/models.ts";

interface Given {
  /** base64 of a snapshot after the steps of the test, and after all epochs. */
  readonly stopped: string;
  readonly ended: string;
}
const given = JSON.parse(
  readFileSync(new URL("../given/snapshots/format1.json", import.meta.url), "utf8"),
) as Readonly<Record<"inEpoch" | "betweenEpochs", Given>>;

const data = { x: rowsOf(45, 6), y: rowsOf(45, 3, 2) };
const base = { epochs: 4, batchSize: 10 };
const ready = () =>
  compile(sequential(input(6), dense(8, "relu"), dropout(0.25), dense(3)), {
    loss: "meanSquaredError",
    metrics: ["meanAbsoluteError"],
    optimizer: adam({ learningRate: 0.01 }),
    seed: 5,
  });
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, "base64"));

describe.each([
  ["in the midst of an epoch", "inEpoch", 7],
  ["between two epochs", "betweenEpochs", 10],
] as const)("a snapshot %s of format 1", (_, name, maxSteps) => {
  const { stopped, ended } = given[name];

  it("is written byte for byte as before", async () => {
    const model = await ready();
    model.learningRateFactor = 0.5;
    await model.fit(data, { ...base, maxSteps });
    expect(text(model.snapshot())).toBe(stopped);
  });

  it("is given back by the model that it was put into", async () => {
    const model = await ready();
    model.restore(bytesOf(stopped));
    expect(text(model.snapshot())).toBe(stopped);
  });

  it("goes on to the bytes that it went on to before", async () => {
    const model = await ready();
    model.restore(bytesOf(stopped));
    await model.fit(data, { ...base, resume: true });
    expect(text(model.snapshot())).toBe(ended);
  });
});
