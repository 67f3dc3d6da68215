/** Validation data of a fit: checked and converted once, and evaluated from the checked tables after each epoch. */
import { expect, it } from "vitest";
import { BusyError, compile, DataError, dense, input, sequential } from "../../src/index.ts";
import { rejectionOf, rowsOf } from "../given/models.ts";

const data = { x: rowsOf(16, 3), y: rowsOf(16, 2, 2) };
const ready = () => compile(sequential(input(3), dense(2)), { loss: "meanSquaredError", seed: 1 });

/** Rows that count how often each is looked up. */
function counted(rows: number[][]) {
  let lookups = 0;
  const proxy = new Proxy(rows, {
    get(target, name, receiver) {
      if (typeof name === "string" && /^\d+$/.test(name)) lookups++;
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
  return { proxy, lookups: () => lookups };
}

it("arrays are read once a fit, however many epochs it has", async () => {
  const lookupsOf = async (epochs: number) => {
    const x = counted(rowsOf(40, 3, 4));
    const model = await ready();
    await model.fit(data, { epochs, validation: { x: x.proxy, y: rowsOf(40, 2, 5) } });
    return x.lookups();
  };
  const once = await lookupsOf(1);
  expect(once).toBeGreaterThan(0);
  expect(await lookupsOf(6)).toBe(once);
});

it("each epoch's scores are those that evaluate gives of the same weights", async () => {
  const validation = {
    x: rowsOf(70, 3, 4),
    y: rowsOf(70, 2, 5),
    sampleWeight: rowsOf(70, 1, 6).map(([w]) => w! + 1),
  };
  const weighted = { ...data, sampleWeight: data.x.map(() => 1) };
  const model = await ready();
  const seen: [number, number][] = [];
  await model.fit(weighted, {
    epochs: 3,
    validation,
    onEpoch: async ({ validation: { loss } }) => {
      seen.push([loss, (await model.evaluate(validation)).loss]);
    },
  });
  expect(seen).toHaveLength(3);
  for (const [told, evaluated] of seen) expect(told).toBe(evaluated);
});

it("arrays without weights are validated in a fit that weighs its rows, each counting once", async () => {
  const validation = { x: rowsOf(70, 3, 4), y: rowsOf(70, 2, 5) };
  const model = await ready();
  const options = { epochs: 2, validation };
  const reports = await model.fit({ ...data, sampleWeight: data.x.map(() => 1) }, options);
  expect(reports[1]!.validation.loss).toBe((await model.evaluate(validation)).loss);
});

it("arrays of another form than the training's are refused before the first step", async () => {
  const classifier = await compile(sequential(input(3), dense(2, "softmax")), {
    loss: "crossEntropy",
    seed: 1,
  });
  const labels = { x: data.x, y: data.x.map((_, i) => i % 2) };
  const oneHot = { x: data.x, y: labels.y.map((label) => [1 - label, label]) };
  const error = await rejectionOf(classifier.fit(labels, { validation: oneHot }));
  expect(error).toBeInstanceOf(BusyError);
  expect((error as Error).message).toContain("fit: validation: y has 2 numbers a row");
  expect(classifier.state.step).toBe(0);
});

it("what is no data is refused before the first step, by its name", async () => {
  const model = await ready();
  const error = await rejectionOf(model.fit(data, { validation: null as never }));
  expect(error).toBeInstanceOf(DataError);
  expect((error as Error).message).toContain("fit: validation");
  expect(model.state.step).toBe(0);
});
