/** How far a fit has come has one owner, and what is saved of it is all there is. */
import { describe, expect, it } from "vitest";
import { compile, dense, input, sequential } from "../../src/index.ts";
import { StepClock } from "../../src/train/feed/slices.ts";
import { Progress } from "../../src/train/progress.ts";
import { rowsOf } from "../given/models.ts";

const plan = { batchSize: 4, accumulate: 1, shuffle: true, rows: 10 };
const SLAB = { rows: 10, sources: [], order: 0 };

describe("progress", () => {
  it("is the same after it was saved and moved to", () => {
    const one = new Progress(plan);
    one.epochs = 3;
    one.pass.rowsSeen = 4;
    one.pass.sums[1] = 0.1;
    one.advance({ ...SLAB, epochRows: 0 }, { rows: 4, steps: 1, batchRows: 4 });
    const other = new Progress({ ...plan, rows: 20 });
    other.pass.sums[2] = 7;
    other.moveTo(JSON.parse(JSON.stringify(one.save())));
    expect(other.save()).toEqual(one.save());
    expect(other.pass.sums).toEqual(one.pass.sums);
  });

  it("saves what it was, not what it becomes", () => {
    const one = new Progress(plan);
    one.pass.sums[0] = 1;
    one.advance({ ...SLAB, epochRows: 0 }, { rows: 4, steps: 1, batchRows: 4 });
    const saved = one.save();
    one.pass.sums[0] = 2;
    one.beginEpoch();
    expect(saved).toMatchObject({ rows: 4, steps: 1 });
    expect(saved.sums[0]).toBe(1);
  });

  it("of several epochs that are staged together is that of the one that it ended in", () => {
    const one = new Progress(plan);
    one.pass.cursor = 28;
    one.advance({ ...SLAB, rows: 40, epochRows: 10 }, { rows: 28, steps: 8, batchRows: 4 });
    expect(one.save()).toMatchObject({ rows: 8, steps: 2 });
    one.pass.cursor = 30;
    one.pass.sums[0] = 5;
    one.advance({ ...SLAB, rows: 40, epochRows: 10 }, { rows: 2, steps: 1, batchRows: 4 });
    expect(one.save()).toMatchObject({ rows: 0, steps: 0, sums: [] });
  });

  it("of a fit that pauses is the one that a resumed fit moves on", async () => {
    const model = await compile(sequential(input(2), dense(1)), { loss: "meanSquaredError", seed: 1 });
    const data = { x: rowsOf(10, 2), y: rowsOf(10, 1, 2) };
    await model.fit(data, { epochs: 2, batchSize: 4, maxSteps: 2 });
    const { progress } = model.state;
    expect(progress!.save()).toMatchObject({ epochs: 0, rows: 8, steps: 2, rowsSeen: 8 });
    await model.fit(data, { epochs: 2, batchSize: 4, resume: true });
    expect(model.state.progress).toBe(progress);
    expect(progress!.save()).toMatchObject({ epochs: 2, rows: 0, steps: 0, rowsSeen: 0, sums: [] });
  });
});

describe("the clock of steps", () => {
  it("takes one step at first, and after an epoch as many as the one before taught", () => {
    const clock = new StepClock();
    expect(clock.stepsWithin(10)).toBe(1);
    clock.add(4, 40, 2);
    expect(clock.stepsWithin(10)).toBe(20);
    expect(clock.rowsPerSecond).toBe(20_000);
    clock.beginEpochs();
    expect(clock.rowsPerSecond).toBe(0);
    expect(clock.stepsWithin(10)).toBe(20);
    clock.add(1, 10, 2);
    expect(clock.stepsWithin(10)).toBe(5);
    expect(clock.rowsPerSecond).toBe(5_000);
  });
});
