/** Names of modules, and tensors that do not fit: all that differs is told, and nothing is loaded. */
import { describe, expect, it } from "vitest";
import {
  adam,
  add,
  batchNorm,
  compile,
  conv2d,
  customLayer,
  dense,
  flatten,
  glu,
  groupNorm,
  input,
  lion,
  type Model,
  type Network,
  network,
  sequential,
  sgd,
} from "../../../src/index.ts";
import { type GivenTensors, loadStateDict, toStateDict, writeSafetensors } from "../../../src/io/index.ts";
import { rejectionOf, rowsOf, weightBits } from "../../given/models.ts";

const net = () => sequential(input(4), dense(6, "relu"), batchNorm(), dense(3));
const compiled = () => compile(net(), { loss: "meanSquaredError", seed: 3 });
const data = { x: rowsOf(20, 4), y: rowsOf(20, 3, 2) };

async function trained() {
  const model = await compiled();
  await model.fit(data, { epochs: 2, batchSize: 5 });
  return model;
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error = (await rejectionOf(promise)) as Error;
  return `${error.name}: ${error.message}`;
}

describe("modules are called", () => {
  it("as the layers are, with the names of PyTorch's parameters", async () => {
    const state = await toStateDict(await compiled());
    expect(Object.entries(state).map(([name, { shape }]) => [name, shape])).toEqual([
      ["dense.weight", [6, 4]],
      ["dense.bias", [6]],
      ["batchNorm.running_mean", [6]],
      ["batchNorm.running_var", [6]],
      ["batchNorm.weight", [6]],
      ["batchNorm.bias", [6]],
      ["dense_2.weight", [3, 6]],
      ["dense_2.bias", [3]],
    ]);
  });

  it("by their places in nn.Sequential, in which an activation is a module", async () => {
    const names = Object.keys(await toStateDict(await compiled(), { layers: "sequential" }));
    expect([...new Set(names.map((name) => name.split(".")[0]))]).toEqual(["0", "2", "3"]);
  });

  it("as one says, and come back under these names", async () => {
    const layers = { dense: "fc1", batchNorm: "body.norm", dense_2: "fc2" };
    const model = await trained();
    const state = await toStateDict(model, { layers });
    expect(Object.keys(state)).toContain("body.norm.running_var");
    const other = await compiled();
    await loadStateDict(other, await writeSafetensors(state), { layers });
    expect(weightBits(other)).toEqual(weightBits(model));
  });

  it("within a network that is a layer by both names", async () => {
    const inner = sequential(input(4), dense(4));
    const named = network({ inputs: inner.ends.inputs, outputs: inner.ends.outputs, name: "encoder" });
    const state = await toStateDict(await compile(sequential(input(4), named, dense(2)) as Network));
    expect(Object.keys(state)).toContain("encoder.dense.weight");
  });

  it("by no name that the network has not, and no two alike", async () => {
    const model = await compiled();
    expect(await refusal(toStateDict(model, { layers: { dens: "fc1" } }))).toContain('Did you mean "dense"?');
    expect(await refusal(toStateDict(model, { layers: { dense: "a", dense_2: "a" } }))).toContain(
      'two parameters are called "a.weight"',
    );
    expect(await refusal(toStateDict(model, { layers: { dense: 3 } as never }))).toContain(
      "layers.dense is 3",
    );
    expect(await refusal(toStateDict(model, { layers: "chain" as never }))).toContain('needs "sequential"');
    expect(await refusal(toStateDict({} as Model))).toContain("needs a model, as compile makes");
  });
});

describe("weights come", () => {
  it("from numbers of 16 and 64 bits, and without what PyTorch counts", async () => {
    const model = await trained();
    const state = await toStateDict(model);
    const tensors: GivenTensors = {
      ...Object.fromEntries(
        Object.entries(state).map(([name, one]) => [
          name,
          { ...one, dtype: name.endsWith("bias") ? ("F64" as const) : ("BF16" as const) },
        ]),
      ),
      "batchNorm.num_batches_tracked": { shape: [], data: BigInt64Array.of(7n) },
    };
    const other = await compiled();
    await loadStateDict(other, await writeSafetensors(tensors));
    const [a, b] = [model.weights(), other.weights()];
    for (const [name, { data }] of Object.entries(a)) {
      data.forEach((one, i) => {
        expect(Math.abs(one - (b[name]!.data[i] as number))).toBeLessThanOrEqual(Math.abs(one) * 2 ** -8);
      });
    }
    expect(b["dense/bias"]).toEqual(a["dense/bias"]);
  });

  it("and the optimizer goes on where it was", async () => {
    const options = { epochs: 1, batchSize: 20, shuffle: false };
    const model = await trained();
    const state = await toStateDict(model, { optimizer: true });
    expect(state["optimizer.state.dense.weight.step"]!.data[0]).toBe(8);
    expect(Object.keys(state)).not.toContain("optimizer.state.batchNorm.running_mean.step");
    const other = await compiled();
    await loadStateDict(other, state, { optimizer: true });
    await model.fit(data, options);
    await other.fit(data, options);
    expect(weightBits(other)).toEqual(weightBits(model));
  });

  it("alone, where the file has the state of an optimizer too", async () => {
    const model = await trained();
    const other = await compile(net(), { seed: 1 });
    await loadStateDict(other, await toStateDict(model, { optimizer: true }));
    expect(weightBits(other as never)).toEqual(weightBits(model));
  });
});

describe("loadStateDict refuses, and loads nothing of", () => {
  const cases: Readonly<
    Record<string, readonly [change: (state: Record<string, object>) => void, says: string[]]>
  > = {
    "a tensor that is missing, one of another shape and one too many": [
      (state) => {
        delete state["dense.bias"];
        state["dense_2.weight"] = { shape: [6, 3], data: new Float32Array(18) };
        state["head.weight"] = { shape: [1], data: new Float32Array(1) };
      },
      [
        '"dense.bias" is missing; needs [6]',
        '"dense_2.weight" is [6, 3]; needs [3, 6]',
        '"head.weight" is of no parameter of the network',
      ],
    ],
    "what is not finite": [
      (state) => {
        state["dense_2.bias"] = { shape: [3], data: Float32Array.of(1, Number.NaN, 2) };
      },
      ['"dense_2.bias"[1] is NaN; needs a finite number'],
    ],
    "what f32 does not hold": [
      (state) => {
        state["dense_2.bias"] = { shape: [3], data: Float64Array.of(1, 1e300, 2) };
      },
      ['"dense_2.bias"[1] is Infinity; needs a finite number'],
    ],
  };

  it.each(Object.keys(cases))("%s", async (name) => {
    const [change, says] = cases[name]!;
    const model = await trained();
    const before = weightBits(model);
    const state = { ...(await toStateDict(await compiled())) } as Record<string, object>;
    change(state);
    const message = await refusal(loadStateDict(model, state as GivenTensors));
    for (const one of says) expect(message).toContain(one);
    expect(message).toMatch(/^FormatError: loadStateDict: /);
    expect(weightBits(model)).toEqual(before);
    expect(await refusal(loadStateDict(model, await writeSafetensors(state as GivenTensors)))).toBe(message);
  });

  it("the same parameters under other names, with the line to write", async () => {
    const state = await toStateDict(await compiled(), { layers: "sequential" });
    const message = await refusal(loadStateDict(await compiled(), state));
    expect(message).toContain('{ layers: { "dense": "0", "batchNorm": "2", "dense_2": "3" } }');
  });

  it("a state that is of another optimizer, or none", async () => {
    const model = await compile(net(), { loss: "meanSquaredError", optimizer: sgd({ momentum: 0.9 }) });
    const state = await toStateDict(await trained(), { optimizer: true });
    const message = await refusal(loadStateDict(model, state, { optimizer: true }));
    expect(message).toContain('"optimizer.state.dense.weight.momentum_buffer" is missing; needs [6, 4]');
    expect(message).toContain('"optimizer.state.dense.weight.exp_avg" is of no parameter');
    const other = await compile(net(), { loss: "meanSquaredError", optimizer: lion() });
    expect(await refusal(toStateDict(other, { optimizer: true }))).toMatch(
      /UnsupportedError: .*lion is none/,
    );
    const steps = { ...state, "optimizer.state.dense.weight.step": { shape: [], data: [1.5] } };
    expect(await refusal(loadStateDict(await compiled(), steps, { optimizer: true }))).toContain(
      '"optimizer.state.dense.weight.step" is 1.5; needs a number of steps',
    );
  });

  it("what is no file and no tensors", async () => {
    const model = await compiled();
    expect(await refusal(loadStateDict(model, { w: 3 } as never))).toContain(
      "OptionError: loadStateDict: got",
    );
    expect(await refusal(loadStateDict(model, Uint8Array.from(Buffer.from("PK\x03\x04"))))).toContain(
      "FormatError",
    );
    expect(await refusal(loadStateDict(model, new Uint8Array(40)))).toContain("no safetensors file");
  });
});

describe("a network that PyTorch would compute otherwise is refused where", () => {
  const map = () => input([2, 2, 4]);
  const own = customLayer({ kind: "own", build: ([x]) => x });
  const cases: Readonly<Record<string, () => Network>> = {
    "halves of a flattened map go together": () => sequential(map(), flatten(), glu(), dense(2)),
    "groups of one do": () => sequential(map(), flatten(), groupNorm({ groups: 2 }), dense(2)),
    "a layer of one's own has one": () => sequential(map(), flatten(), own, dense(2)),
    "one is added to others": () => {
      const x = map();
      const flat = flatten()(x);
      return network({ inputs: x, outputs: dense(2)(add()(flat, dense(16)(flat))) });
    },
    "a layer is shared with others": () => {
      const x = map();
      const flat = flatten()(x);
      const shared = dense(16);
      return network({ inputs: x, outputs: shared(shared(flat)) });
    },
  };

  it.each(Object.keys(cases))("%s", async (name) => {
    const model = await compile(cases[name]!());
    expect(await refusal(toStateDict(model))).toMatch(/^UnsupportedError: toStateDict: .*order/);
  });

  it("and not where features lie alike", async () => {
    const one = await compile(sequential(input([2, 2, 1]), flatten(), glu(), dense(2)));
    expect(Object.keys(await toStateDict(one))).toEqual(["dense.weight", "dense.bias"]);
    const two = await compile(sequential(map(), conv2d(2, 2), flatten(), glu(), dense(2)), {
      optimizer: adam(),
    });
    expect(Object.keys(await toStateDict(two))).toContain("conv2d.weight");
  });
});
