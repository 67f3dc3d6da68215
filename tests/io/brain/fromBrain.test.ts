/** Networks of brain.js as models: the numbers are brain.js' own (tests/peers/brain/networks.mjs). */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fromBrain, load, save } from "../../../src/io/index.ts";
import { rejectionOf } from "../../given/models.ts";
import { type Anything, put } from "../snapshot/file.ts";

const { networks, recurrent } = JSON.parse(
  readFileSync(new URL("../../peers/brain/networks.json", import.meta.url), "utf8"),
) as {
  networks: Record<
    string,
    { json: Anything; inputs: (number[] & Record<string, number>)[]; outputs: object[] }
  >;
  recurrent: object;
};

describe.each(Object.keys(networks))("the network of brain.js: %s", (name) => {
  const { json, inputs, outputs } = networks[name]!;

  it("answers as there", async () => {
    for (const given of [json, JSON.stringify(json)]) {
      const net = await fromBrain(given);
      for (const [i, input] of inputs.entries()) {
        const found = await net.run(input);
        const wanted = Object.entries(outputs[i]!);
        expect(Object.keys(found)).toEqual(wanted.map(([key]) => key));
        for (const [key, value] of wanted) {
          expect((found as Record<string, number>)[key]).toBeCloseTo(value as number, 5);
        }
      }
      net.dispose();
    }
  });

  it("is saved and trains on like any other", async () => {
    const net = await fromBrain(json, { loss: "meanSquaredError", optimizer: "sgd" });
    const rows = net.inputs === undefined ? (inputs as number[][]) : [[1, 0.25]];
    const before = await net.model.predict(rows);
    const loaded = await load(await save(net.model));
    expect(await loaded.predict(rows)).toEqual(before);
    const [reports] = [
      await net.model.fit(
        { x: rows, y: rows.map(() => Array.from({ length: json.sizes.at(-1) }, () => 0.5)) },
        { epochs: 2 },
      ),
    ];
    expect(reports.length).toBe(2);
    expect(await net.model.predict(rows)).not.toEqual(before);
  });
});

describe("a model of brain.js", () => {
  it("knows its names, in their order, and takes a list in it", async () => {
    const net = await fromBrain(networks.records!.json);
    expect([net.inputs, net.outputs]).toEqual([
      ["red", "green"],
      ["black", "white"],
    ]);
    expect(await net.run([1, 0.25])).toEqual(await net.run({ green: 0.25, red: 1 }));
    expect(await net.run({ red: 1 })).toEqual(await net.run({ red: 1, green: 0 }));
  });

  it.each([[undefined], [7], ["red"], [[1]], [[1, 2, 3]], [[1, Number.NaN]]])(
    "does not run %o",
    async (given) => {
      const net = await fromBrain(networks.records!.json);
      expect(await rejectionOf(net.run(given as never))).toMatchObject({ name: "DataError" });
    },
  );
});

describe("fromBrain refuses", () => {
  const cases: readonly (readonly [path: string, value: unknown, says: string])[] = [
    ["sizes", [2], "sizes is an array of 1; needs a list of 2 to 1024"],
    ["sizes[1]", 4.5, "sizes[1] is 4.5; needs an integer from 1 to 16777216"],
    ["sizes[1]", 2 ** 53, "sizes[1] is 9007199254740992"],
    ["sizes[1]", 2 ** 24, "layers[1].weights is an array of 4; needs a list of 16777216"],
    ["sizes[0]", 3, "inputLookup is an object (Object); needs 3 names"],
    ["sizes[0]", "2", 'sizes[0] is "2"'],
    ["layers", [], "layers is an array of 0; needs a list of 3"],
    ["layers[1].weights", {}, "layers[1].weights is an object (Object); needs a list of 4"],
    ["layers[1].weights[2]", [1, 2, 3], "layers[1].weights[2] is an array of 3; needs a list of 2"],
    ["layers[1].weights[2]", "12", 'layers[1].weights[2] is "12"'],
    ["layers[1].weights[2][1]", null, "layers[1].weights[2][1] is null; needs a finite number"],
    ["layers[1].weights[2][1]", 1e300, "layers[1].weights[2][1] is 1e+300; needs a finite number"],
    ["layers[2].biases", [1], "layers[2].biases is an array of 1; needs a list of 2"],
    ["layers[2].biases[0]", "1", 'layers[2].biases[0] is "1"'],
    ["trainOpts.activation", "sine", 'activation is "sine"; needs one of sigmoid, relu, leaky-relu, tanh'],
    ["trainOpts.leakyReluAlpha", -1, "trainOpts.leakyReluAlpha is -1; needs a number from 0 to 1"],
    ["inputLookup", { red: 0, green: 0 }, "inputLookup.green is 0; needs a number below 2 that no other has"],
    ["inputLookup", { red: 0, green: 2 }, "inputLookup.green is 2"],
    ["inputLookup", [0, 1], "inputLookup is an array of 2; needs an object of numbers by name"],
    ["outputLookup", { black: 0 }, "outputLookup is an object (Object); needs 2 names"],
  ];

  it.each(cases)("%s: %j", async (path, value, says) => {
    const json = structuredClone(networks.records!.json);
    put(path, value)(json);
    const error = (await rejectionOf(fromBrain(json))) as Error;
    expect(error.name).toBe("FormatError");
    expect(error.message).toContain(`fromBrain: ${says}`);
  });

  it.each([
    ["layers[1].0.bias", "1", 'layers[1].0.bias is "1"'],
    ["layers[1].0.weights", { red: 1 }, "layers[1].0.weights is an object (Object); needs 2 weights"],
    ["layers[1].0.weights", { red: 1, blue: 2 }, "layers[1].0.weights.green is undefined"],
    ["layers[1]", {}, "layers[1] is an object (Object); needs an object of 4 nodes"],
  ])("of version 1, %s: %j", async (path, value, says) => {
    const json = structuredClone(networks["version 1 of records"]!.json);
    put(path, value)(json);
    expect(await rejectionOf(fromBrain(json))).toMatchObject({
      name: "FormatError",
      message: expect.stringContaining(says),
    });
  });

  it("what is recurrent, by name", async () => {
    expect(await rejectionOf(fromBrain(recurrent))).toMatchObject({
      name: "UnsupportedError",
      message: 'fromBrain: type is "LSTM"; needs "NeuralNetwork", whose layers there are here.',
    });
  });

  it.each([undefined, null, 3, "", "{", "[]", [], {}, () => 1, 7n])("%s", async (given) => {
    expect(await rejectionOf(fromBrain(given as never))).toMatchObject({ name: "FormatError" });
  });
});
