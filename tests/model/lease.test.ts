/** Who may change a model while fit trains it: whoever shows the lease of that fit, and nobody else. */
import { describe, expect, it } from "vitest";
import { BusyError, compile, dense, input, sequential, sgd } from "../../src/index.ts";
import { restoreSnapshot } from "../../src/io/snapshot/restore.ts";
import { Access } from "../../src/model/lease.ts";
import { writeWeights } from "../../src/model/weights.ts";
import { rowsOf, weightBits } from "../given/models.ts";

describe("a lease", () => {
  it("is given to one at a time, and shuts out whoever shows none or another", () => {
    const access = new Access();
    const other = new Access().lease("fit");
    const lease = access.lease("fit");
    expect(access.isLeased).toBe(true);
    expect(() => access.lease("fit")).toThrow(BusyError);
    expect(() => access.check("restore")).toThrow("restore: the model is in fit; await it");
    expect(() => access.check("restore", { lease: other })).toThrow(BusyError);
    access.check("restore", { lease });
    lease.end();
    expect(access.isLeased).toBe(false);
    access.check("restore");
  });

  it("that has ended neither ends nor stands for the next", () => {
    const access = new Access();
    const first = access.lease("fit");
    first.end();
    const second = access.lease("fit");
    first.end();
    expect(access.isLeased).toBe(true);
    expect(() => access.check("setWeights", { lease: first })).toThrow(BusyError);
    access.check("setWeights", { lease: second });
  });
});

const data = { x: rowsOf(8, 2), y: rowsOf(8, 1, 2) };
const ready = () =>
  compile(sequential(input(2), dense(1)), { loss: "meanSquaredError", optimizer: sgd(), seed: 1 });

describe("a model in fit", () => {
  it("is restored and written by whoever shows its lease, and by nobody else", async () => {
    const { state } = await ready();
    const snapshot = (await ready()).snapshot();
    const weights = (await ready()).weights();
    const lease = state.access.lease("fit");
    expect(() => restoreSnapshot(state, snapshot)).toThrow(BusyError);
    expect(() => writeWeights(state, weights)).toThrow(BusyError);
    restoreSnapshot(state, snapshot, {}, lease);
    writeWeights(state, weights, lease);
    expect(state.fitting).toBe(true);
    lease.end();
    restoreSnapshot(state, snapshot);
    expect(state.fitting).toBe(false);
  });

  it("rests again after a fit that ended well, and after one that failed", async () => {
    const model = await ready();
    await model.fit(data);
    expect(model.state.fitting).toBe(false);
    await expect(model.fit(data, { onEpoch: () => Promise.reject(new Error("stop")) })).rejects.toThrow();
    expect(model.state.fitting).toBe(false);
  });

  it("stays shut while it goes back after a divergence: a flag was unset for that before", async () => {
    const x = Array.from({ length: 32 }, (_, i) => [i / 16 - 1, ((i * 7) % 32) / 16 - 1]);
    const y = x.map(([a = 0, b = 0]) => [a + 2 * b]);
    const diverging = () =>
      compile(sequential(input(2), dense(1)), {
        loss: "meanSquaredError",
        optimizer: sgd({ learningRate: 20 }),
        seed: 1,
      });
    const model = await diverging();
    const snapshot = model.snapshot();
    // Called in the midst of the restoring.
    const seen: boolean[] = [];
    const { moveTo } = model.state;
    model.state.moveTo = (standing) => {
      seen.push(model.state.fitting);
      expect(() => model.restore(snapshot)).toThrow(BusyError);
      moveTo.call(model.state, standing);
    };
    const options = { epochs: 50, batchSize: 8, onDivergence: "rollBack" } as const;
    await model.fit({ x, y }, options);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.every(Boolean)).toBe(true);
    const undisturbed = await diverging();
    await undisturbed.fit({ x, y }, options);
    expect(weightBits(model)).toEqual(weightBits(undisturbed));
  });
});
