/** Model files of strangers: each field that is wrong is named, another kind of file is recognised. */
import { beforeAll, describe, expect, it } from "vitest";
import { labelEncoder, standardScaler } from "../../../src/data/index.ts";
import { adam, compile, dense, input, type Model, sequential } from "../../../src/index.ts";
import { type LoadOptions, load, save } from "../../../src/io/index.ts";
import { errorOf } from "../../given/errorOf.ts";
import { rejectionOf, rowsOf, weightBits } from "../../given/models.ts";
import { type Anything, partsOf, put, sealed, withHeader, withState } from "../snapshot/file.ts";

let model: Model;
let bytes: Uint8Array;

beforeAll(async () => {
  const x = rowsOf(12, 4);
  model = await compile(sequential(input(4), dense(3, "relu"), dense(2)), {
    loss: "meanSquaredError",
    optimizer: adam(),
  });
  const scaler = standardScaler();
  await model.fit({ x: scaler.fitTransform(x), y: rowsOf(12, 2) }, { epochs: 2, batchSize: 5, maxSteps: 4 });
  bytes = await save(model, { optimizer: true, encoders: scaler, labels: labelEncoder().fit(["a", "b"]) });
});

async function refusal(given: unknown, options: LoadOptions = {}): Promise<string> {
  const error = (await rejectionOf(load(given as Uint8Array, options))) as Error;
  expect(error.name, error.message).toBe("FormatError");
  expect(error.message.length).toBeLessThan(900);
  return error.message;
}

const fields: readonly (readonly [path: string, value: unknown, says: string])[] = [
  ["kind", "modell", 'a file of kind "modell" and format 1; needs a model file of format 1 or 2'],
  [
    "format",
    3,
    "format 3; needs a model file of format 1 or 2, as save writes. Newer ones need a newer version",
  ],
  ["madeBy", 1, "madeBy is 1; needs a string"],
  ["surplus", 1, 'there is no field "surplus"'],
  ["network.layers[1].kind", "denze", 'network.layers[1].kind is "denze", which wasmgrad has none of'],
  ["network.layers[1].given", [2 ** 31], "the weights do not fit the network of the file"],
  ["network.layers[1].given", [4], '"dense/kernel" is [4, 3] as a tensor, [4, 4] by the network'],
  ["network.nodes[1].inputs", [2], "network.nodes[1].inputs[0] is 2; needs one of 1 nodes before it"],
  ["network.kind", "model", 'network is of kind "model"'],
  ["training.seed", -1, "training.seed is -1"],
  ["training.outputs", [], "training.outputs is an array of 0"],
  ["training.outputs[0].name", "other", 'training.outputs are "other"; needs those of the network'],
  [
    "training.outputs[0].loss",
    { loss: "adam" },
    'training.outputs[0].loss.loss is "adam", which wasmgrad has none of',
  ],
  ["training.outputs[0].loss", { optimizer: "adam" }, "training.outputs[0].loss is an object"],
  ["training.outputs[0].weight", -1, "training.outputs[0].weight is -1"],
  [
    "training.outputs[0].metrics",
    [{ metric: "fBeta", options: { beta: -1 } }],
    "training.outputs[0].metrics[0]: fBeta: beta",
  ],
  [
    "training.optimizer",
    { optimizer: "adam", options: { beta1: 3 } },
    "training.optimizer: adam: beta1 is 3",
  ],
  ["training.optimizer", { optimizer: "sgd" }, "parameters[0].slots is 2; needs 0, as the optimizer keeps"],
  ["training.clipping.norm", null, "training.clipping.norm is null"],
  ["parameters[0].name", "dense/kernell", 'the tensor "dense/kernell" is missing'],
  ["parameters[0].slots", 1, '"dense/kernel/1/" is of no parameter'],
  ["parameters[0].since", 99, "parameters[0].since is 99; needs at most"],
  ["frozen", ["dense/kernell"], 'frozen[0] is "dense/kernell"; needs the name of a parameter'],
  ["standing.step", 2 ** 32, "standing.step is 4294967296"],
  ["standing.rateFactor", 0, "standing.rateFactor is 0; needs a positive number"],
  ["standing.progress.rows", 99, "standing.progress.rows is 99; needs at most 12"],
  ["standing.progress.sums", [], "standing.progress.sums is an array of 0"],
  ["encoders", { other: {} }, "encoders.other is of no input of the network"],
  ["encoders", { "": { encoder: "evil", format: 1, options: {}, fitted: null } }, "loadEncoder"],
  [
    "labels",
    { "": { encoder: "standardScaler", format: 1, options: {}, fitted: null } },
    "needs a labelEncoder",
  ],
];

describe("load refuses", () => {
  it.each(fields)("%s: %j", async (path, value, says) => {
    expect(await refusal(withState(bytes, put(path, value)))).toContain(says);
  });

  it("a snapshot of either format, and restore a model file", async () => {
    expect(await refusal(model.snapshot())).toBe(
      "load: the file is a snapshot, which has no network in it; needs a model file, as save writes. Compile the network and " +
        "call model.restore(bytes).",
    );
    const before = weightBits(model);
    expect((errorOf(() => model.restore(bytes)) as Error).message).toContain('a file of kind "model"');
    expect(weightBits(model)).toEqual(before);
  });

  it("every file that is cut short, and one with more behind it", async () => {
    for (let length = 0; length < bytes.length; length += 97) await refusal(bytes.subarray(0, length));
    expect(await refusal(new Uint8Array([...bytes, 0]))).toContain("too long");
  });

  it("every byte that was changed", async () => {
    for (let place = 8; place < bytes.length; place += 61) {
      const changed = bytes.slice();
      changed[place]! ^= 1;
      await refusal(changed);
    }
  });

  it("weights that are not finite, or of another type", async () => {
    const { text, data } = partsOf(bytes);
    data.set([0, 0, 0xc0, 0x7f]);
    expect(await refusal(sealed({ text, data }))).toContain('"dense/kernel"[0] is NaN');
    const retyped = withHeader(bytes, (header: Anything) => {
      header["dense/kernel"].dtype = "I32";
    });
    expect(await refusal(retyped)).toContain('"dense/kernel" is I32 [4, 3]; needs F32');
  });

  it("more than the limits let", async () => {
    expect(await refusal(bytes, { limits: { tensors: 3 } })).toContain("needs at most 3");
    expect(await refusal(bytes, { limits: { depth: 2 } })).toContain("nested more than 2 deep");
    expect(await refusal(bytes, { limits: { headerBytes: 64 } })).toContain("needs at most 64");
  });

  it.each([undefined, null, 7, [], {}, new Uint8Array(0), new Uint8Array(9)])("%o", async (given) => {
    await refusal(given);
  });

  it("keys of Object.prototype, which stays as it is", async () => {
    const odd = withState(bytes, (state) => {
      Object.defineProperty(state.training, "__proto__", { value: { polluted: 1 }, enumerable: true });
    });
    expect(await refusal(odd)).toContain("__proto__");
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it("options that there are not", async () => {
    const error = await rejectionOf(load(bytes, { layer: {} } as LoadOptions));
    expect(error).toMatchObject({ name: "OptionError", message: expect.stringContaining('"layers"') });
  });
});
