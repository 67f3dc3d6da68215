/** Rare names among the options of `compile`: what they stand for is imported, and only the tables that are asked for. */
import { describe, expect, it } from "vitest";
import * as wasmgrad from "../../src/index.js";
import { LOSSES } from "../../src/losses/index.js";
import { RARE as losses } from "../../src/losses/rare.js";
import { METRICS } from "../../src/metrics/engine/index.js";
import { RARE as metrics } from "../../src/metrics/engine/rare.js";
import { importNames } from "../../src/model/rareNames.js";
import { OPTIMIZERS } from "../../src/optimizers/index.js";
import { RARE as optimizers } from "../../src/optimizers/rare.js";

const { compile, dense, focal, input, lion, network, sequential } = wasmgrad;

const rareOf = (names: object) =>
  Object.entries(names).flatMap(([name, common]) => (common === null ? [name] : []));

describe("the rare table", () => {
  it.each<[string, object, object]>([
    ["losses", LOSSES, losses],
    ["metrics", METRICS, metrics],
    ["optimizers", OPTIMIZERS, optimizers],
  ])("of %s has the names that stand for nothing by themselves", (_, names, rare) => {
    expect(Object.keys(rare).sort()).toEqual(rareOf(names).sort());
  });

  it.each<[string, object]>([
    ["losses", LOSSES],
    ["optimizers", OPTIMIZERS],
  ])("of %s has what can be given configured where nothing can be imported", (_, names) => {
    for (const name of rareOf(names)) expect(wasmgrad).toHaveProperty(name);
  });
});

describe("options", () => {
  it.each<[string, object | null]>([
    ["common names", { loss: "crossEntropy", metrics: ["accuracy"], optimizer: "adam" }],
    ["names for several outputs", { loss: { a: "meanSquaredError" }, metrics: { a: ["meanAbsoluteError"] } }],
    ["configured values", { loss: focal(), metrics: [wasmgrad.f1()], optimizer: lion() }],
    ["a function in place of an optimizer", { optimizer: () => 0 }],
    ["names that there are none of", { loss: "focus", metrics: ["f2", 3, null], optimizer: "lionn" }],
    ["nothing that is known", { loss: [], metrics: "f1s", optimizer: {} }],
    ["none", {}],
    ["null", null],
  ])("of %s import nothing", (_, options) => {
    expect(importNames(options)).toBeUndefined();
  });

  it.each<[string, object, string[]]>([
    ["a loss", { loss: "focal", metrics: ["accuracy"] }, ["losses"]],
    ["the loss of an output", { loss: { a: "crossEntropy", b: "huber" } }, ["losses"]],
    ["a metric", { metrics: ["accuracy", "f1"] }, ["metrics"]],
    ["a metric of an output", { metrics: { a: ["accuracy"], b: ["rocAuc"] } }, ["metrics"]],
    ["an optimizer", { optimizer: "lion" }, ["optimizers"]],
    [
      "all of them",
      { loss: "hinge", metrics: ["f1"], optimizer: "lbfgs" },
      ["losses", "metrics", "optimizers"],
    ],
    ["a function that is the loss of an output", { loss: { a: () => 0 } }, ["lossOf"]],
  ])("that name %s import that table", async (_, options, tables) => {
    const imported = Object.entries((await importNames(options)) ?? {});
    expect(
      imported.flatMap(([table, rare]) =>
        typeof rare === "function" || Object.keys(rare).length > 0 ? [table] : [],
      ),
    ).toEqual(tables);
  });
});

describe("a model compiled by rare names", () => {
  const x = [
    [0, 1],
    [1, 0],
    [1, 1],
    [0, 0],
  ];
  const y = [0, 1, 1, 0];

  it("trains to the bits of one that is given them configured", async () => {
    const trained = async (options: object) => {
      const model = await compile(sequential(input(2), dense(2, "softmax")), options);
      await model.fit({ x, y }, { epochs: 3 });
      return model.weights();
    };
    expect(await trained({ loss: "focal", metrics: ["f1"], optimizer: "lion" })).toEqual(
      await trained({ loss: focal(), metrics: [wasmgrad.f1()], optimizer: lion() }),
    );
  });

  it("has them for each of several outputs", async () => {
    const from = input(2);
    const outputs = { kind: dense(2, "softmax")(from), size: dense(1)(from) };
    const model = await compile(network({ inputs: from, outputs }), {
      loss: { kind: "categoricalHinge", size: "huber" },
      metrics: { size: ["rootMeanSquaredError"] },
    });
    const scores = await model.evaluate({ x, y: { kind: y, size: y } });
    expect(scores.outputs.size).toHaveProperty("rootMeanSquaredError");
  });
});
