/** JSON of strangers: each field that is wrong is named, and nothing else happens. */
import { describe, expect, it } from "vitest";
import { dense, dropout, input, maxNorm, network, sequential } from "../../../src/index.ts";
import { fromJSON, type Parts, toJSON } from "../../../src/io/index.ts";
import { rejectionOf } from "../../given/models.ts";
import { type Anything, put } from "../snapshot/file.ts";

const inner = () => {
  const from = input(4);
  return network({ inputs: from, outputs: dense(4)(from), name: "inner" });
};
const net = sequential(input(4), inner(), dense(3, { kernelConstraint: maxNorm(2) }), dropout(0.5));

async function refusal(change: (saved: Anything) => void, parts: Parts = {}): Promise<string> {
  const saved = JSON.parse(JSON.stringify(toJSON(net)));
  change(saved);
  const error = (await rejectionOf(fromJSON(saved, parts))) as Error;
  expect(error.name).toBe("FormatError");
  expect(error.message.length).toBeLessThan(700);
  return error.message;
}

const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) });

const cases: readonly (readonly [path: string, value: unknown, says: string])[] = [
  ["kind", "model", 'it is of kind "model" and format 1; needs "network" and 1'],
  ["format", 2, "Newer formats need a newer version"],
  ["trainable", 1, "trainable is 1; needs true or false"],
  ["extra", 1, 'there is no field "extra"'],
  ["layers", {}, "layers is"],
  ["layers", [], "layers is an array of 0; needs a list of 1 to 65536"],
  ["layers[0].kind", "inputt", 'layers[0].kind is "inputt", which wasmgrad has none of'],
  ["layers[0].given", [], "layers[0] (input): input: shape is undefined"],
  ["layers[0].given", [Number.MAX_VALUE], "layers[0] (input): input"],
  ["layers[0].given", [[-4]], "layers[0] (input): input: an axis of its shape is -4"],
  ["layers[0].custom", true, 'layers[0].kind is "input", which is of your own'],
  ["layers[1].kind", "__proto__", 'layers[1].kind is "__proto__"'],
  ["layers[1].kind", "toString", 'layers[1].kind is "toString"'],
  ["layers[1].kind", "customLayer", 'layers[1].kind is "customLayer"'],
  ["layers[1].kind", "glu", "layers[1] (glu): glu"],
  ["layers[1].given", ["4"], "layers[1] (dense): dense: units"],
  ["layers[1].given", [4, 5, 6], "layers[1] (dense): dense: got 4 arguments"],
  ["layers[1].options", [], "layers[1].options is an array of 0; needs an object"],
  ["layers[1].options.unitz", 3, 'dense: there is no option "unitz"'],
  ["layers[1].options.activation", "rleu", 'Did you mean "relu"?'],
  ["layers[1].options.activation", { optimizer: "adam" }, "layers[1].options.activation is an object with"],
  ["layers[1].options.activation", { activation: 3 }, "layers[1].options.activation is"],
  ["layers[1].options.activation", { activation: "adam" }, "layers[1].options.activation.activation is"],
  ["layers[1].options.activation", { function: "evil" }, "fromJSON(json, { activations: { evil } })"],
  ["layers[1].options.activation", { activation: "elu", given: [1, 2] }, "layers[1].options.activation: elu"],
  [
    "layers[1].options.kernelConstraint",
    { kind: 99, low: 0, high: 1 },
    "layers[1].options.kernelConstraint is",
  ],
  ["layers[1].options.name", 7, "dense: name is 7"],
  ["layers[2].options.name", "inner", 'the network: network: two layers are named "inner"'],
  ["nodes[1].layer", 99, "nodes[1].layer is 99; needs one of 4 layers"],
  ["nodes[1].layer", -1, "nodes[1].layer is -1"],
  ["nodes[1].layer", 0.5, "nodes[1].layer is 0.5"],
  ["nodes[1].inputs", [1], "nodes[1].inputs[0] is 1; needs one of 1 nodes before it"],
  ["nodes[1].inputs", [3], "nodes[1].inputs[0] is 3; needs one of 1 nodes before it"],
  ["nodes[1].inputs", [], "nodes[1]: dense: called with 0 arguments"],
  ["nodes[1].inputs", [0, 0], "nodes[1]: dense: called with 2 arguments"],
  ["nodes[1].layer", 0, "nodes[1] is called on others, or twice"],
  ["nodes[1].scope.network", 1, "nodes[1].scope.network is 1; needs one of 1 networks"],
  ["nodes[1].scope.name", null, "nodes[1].scope.name is null"],
  ["nodes[1].scope.frozen", "no", "nodes[1].scope.frozen"],
  ["inputs", [], "inputs is an array of 0"],
  ["inputs[0].node", 17, "inputs[0].node is 17; needs one of 4 nodes"],
  ["inputs[0].node", 1, 'the network: network: the input "input" is the result of dense'],
  ["inputs", [{ node: 0 }, { node: 0 }], "inputs[0].name is undefined"],
  [
    "outputs",
    [
      { name: "a", node: 3 },
      { name: "a", node: 2 },
    ],
    'outputs[1].name is "a"; needs a name that no other has',
  ],
  ["outputs[0].name", "loss", 'the network: network: outputs has the name "loss"'],
  ["layers[1].options.units", deep(40), "nested more than 32 deep"],
];

describe("fromJSON refuses", () => {
  it.each(cases)("%s: %j", async (path, value, says) => {
    expect(await refusal(put(path, value))).toContain(says);
  });

  it.each([undefined, null, 3, "", "{", "[]", [], {}, () => 1, 7n])("%s", async (given) => {
    const error = await rejectionOf(fromJSON(given as never));
    expect(error).toMatchObject({ name: "FormatError" });
  });

  it("a key that comes twice", async () => {
    const text = JSON.stringify(toJSON(net)).replace('"format":1', '"format":1,"format":1');
    expect(await rejectionOf(fromJSON(text))).toMatchObject({ message: expect.stringContaining("twice") });
  });

  it("keys of Object.prototype, which stays as it is", async () => {
    const text = JSON.stringify(toJSON(net)).replace('"options":{', '"options":{"__proto__":{"polluted":1},');
    expect(await rejectionOf(fromJSON(text))).toMatchObject({ name: "FormatError" });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it("a layer that the function given for it does not make", async () => {
    const parts = { layers: { dense: () => dropout(0.5) } };
    expect(await refusal(() => undefined, parts)).toContain(
      'makes a layer of kind "dropout"; needs such a layer',
    );
    expect(await refusal(() => undefined, { layers: { dense: () => 3 } })).toContain(
      "makes 3; needs such a layer",
    );
  });

  it("parts that are none", async () => {
    expect(await rejectionOf(fromJSON(toJSON(net), { layer: {} } as Parts))).toMatchObject({
      name: "OptionError",
      message: 'fromJSON: there is no option "layer". Did you mean "layers"?',
    });
  });
});
