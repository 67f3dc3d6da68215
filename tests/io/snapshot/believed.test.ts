/** What a snapshot says is checked, field by field, before anything of it is believed. */
import { beforeAll, describe, expect, it } from "vitest";
import { adam, compile, dense, input, type Model, sequential } from "../../../src/index.ts";
import { rowsOf, weightBits } from "../../given/models.ts";
import { type Anything, headerOf, partsOf, put, sealed, stateOf, withHeader, withState } from "./file.ts";
import { refusalOf } from "./refused.ts";

const data = { x: rowsOf(45, 6), y: rowsOf(45, 3, 2) };
const ready = () =>
  compile(sequential(input(6), dense(4, "relu"), dense(3)), {
    loss: "meanSquaredError",
    optimizer: adam(),
    seed: 5,
  });

let model: Model;
let good: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  model = await ready();
  await model.fit(data, { epochs: 3, batchSize: 10, maxSteps: 7 });
  good = model.snapshot({ attachments: { list: [1, 2] } });
});

describe("the state of a snapshot", () => {
  it.each<[string, (state: Anything) => void, string]>([
    [
      "sums of the length 1e8, which killed the process",
      put("progress.sums", { length: 1e8 }),
      "progress.sums is an object",
    ],
    [
      "too many sums",
      (s) => s.progress.sums.push(0),
      "progress.sums is an array of 65; needs a list of 0 to 64",
    ],
    [
      "too few sums",
      (s) => s.progress.sums.pop(),
      "progress.sums is an array of 63; needs a list of 64 to 64",
    ],
    ["a sum that is text", put("progress.sums[3]", "1"), 'progress.sums[3] is "1"; needs a finite number'],
    ["rows that are text, which made resume hang", put("progress.rows", "x"), 'progress.rows is "x"'],
    ["more rows of an epoch than it has", put("progress.rows", 46), "progress.rows is 46; needs at most 45"],
    ["more steps than rows", put("progress.steps", 21), "progress.steps is 21; needs at most 20"],
    ["a negative step", put("step", -1), "step is -1; needs an integer from 0 to 2^32 - 1"],
    ["a step of 1e300", put("step", 1e300), "step is 1e+300"],
    ["half a step", put("step", 0.5), "step is 0.5"],
    ["epochs that are text", put("epochs", "5"), 'epochs is "5"'],
    ["a factor that is text", put("rateFactor", "NaN"), 'rateFactor is "NaN"; needs a positive number'],
    ["a factor of 0", put("rateFactor", 0), "rateFactor is 0"],
    [
      "a since that is an object",
      put("parameters[0].since", { real: 5 }),
      "parameters[0].since is an object",
    ],
    [
      "a since after the last step",
      put("parameters[1].since", 8),
      "parameters[1].since is 8; needs at most 7",
    ],
    ["attachments that are a number", put("attachments", 5), "attachments is 5; needs an object"],
    ["attachments that are a list", put("attachments", []), "attachments is an array of 0"],
    ["negative slots, which shifted weights", put("parameters[0].slots", -1), "parameters[0].slots is -1"],
    ["slots without end", put("parameters[0].slots", 2 ** 32 - 1), 'the tensor "dense/kernel/2/" is missing'],
    ["a parameter twice", (s) => s.parameters.push(s.parameters[0]), 'the tensor "dense/kernel" is missing'],
    [
      "a parameter that there is not",
      (s) => s.parameters.push({ ...s.parameters[0], name: "x/y" }),
      '"x/y" is missing',
    ],
    ["a parameter less", (s) => s.parameters.pop(), '"dense_2/bias" is of no parameter'],
    ["parameters that are an object", put("parameters", { length: 4 }), "parameters is an object"],
    ["a field that there is not", put("sedd", 1), 'there is no field "sedd"'],
    ["a field of every object", put("constructor", 1), 'there is no field "constructor"'],
    ["a field less", (s) => delete s.seed, "the field seed is missing"],
    ["a plan that is null", put("progress.plan", null), "progress.plan is null"],
    ["shuffle that is a number", put("progress.plan.shuffle", 1), "progress.plan.shuffle is 1"],
    ["facts that are lists", put("model.network.dense", []), "model.network.dense is an array"],
    ["another kind", put("kind", "model"), 'a file of kind "model" and format 2'],
    ["a format to come", put("format", 3), 'a file of kind "snapshot" and format 3'],
  ])("with %s is refused", (_, change, says) => {
    for (const options of [{}, { weightsOnly: true }, { newSettings: true }]) {
      expect(refusalOf(model, withState(good, change), options)).toContain(says);
    }
  });

  it.each<[string, unknown]>([
    ["a number", 5],
    ["null", null],
    ["a list", []],
    ["a text", "x"],
  ])("that is %s is refused", (_, state) => {
    const bytes = withHeader(good, ({ __metadata__: m }) => {
      m.wasmgrad = JSON.stringify(state);
    });
    expect(refusalOf(model, bytes)).toContain("needs a snapshot of format 1 or 2");
  });

  it("with a number beyond all, 1e999, is refused", () => {
    const bytes = withHeader(good, ({ __metadata__: m }) => {
      m.wasmgrad = m.wasmgrad.replace('"rateFactor":1', '"rateFactor":1e999');
    });
    expect(refusalOf(model, bytes)).toContain("rateFactor is Infinity");
  });

  it("with a key twice, however deep and however it is written, is refused", () => {
    const twice = (from: string, to: string) =>
      withHeader(good, ({ __metadata__: m }) => {
        expect(m.wasmgrad).toContain(from);
        m.wasmgrad = m.wasmgrad.replace(from, to);
      });
    expect(refusalOf(model, twice('"seed":5', '"seed":5,"seed":5'))).toContain('the key "seed" twice');
    expect(refusalOf(model, twice('"batchSize":', '"rows":45,"batchSize":'))).toContain(
      'the key "rows" twice',
    );
    expect(refusalOf(model, twice('"seed":5', '"s\\u0065ed":5,"seed":5'))).toContain('the key "seed" twice');
  });

  it("nested more than 32 deep is refused, and so are attachments that would be", () => {
    const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
    const deep = (depth: number) =>
      withHeader(good, ({ __metadata__: m }) => {
        m.wasmgrad = m.wasmgrad.replace('"list":[1,2]', `"list":${nested(depth)}`);
      });
    for (const depth of [31, 5000]) {
      expect(refusalOf(model, deep(depth))).toContain("nested more than 32 deep");
      expect(() => model.snapshot({ attachments: { list: JSON.parse(nested(depth)) } })).toThrow(
        "is nested more than 30 deep",
      );
    }
    const list = JSON.parse(nested(30));
    expect(model.restore(model.snapshot({ attachments: { list } })).attachments).toEqual({ list });
    expect(refusalOf(model, good, { limits: { depth: 2 } })).toContain("nested more than 2 deep");
  });

  it("may have names of what all objects have, which stay harmless", () => {
    const attachments = JSON.parse('{"__proto__":{"polluted":1},"constructor":2,"toString":3}');
    const back = model.restore(model.snapshot({ attachments })).attachments;
    expect(JSON.stringify(back)).toBe(JSON.stringify(attachments));
    expect(({} as Anything).polluted).toBeUndefined();
    expect(Object.hasOwn(back, "__proto__")).toBe(true);
  });

  it("with infinite sums of a metric comes back", async () => {
    const bytes = withState(good, (s) => {
      s.progress.sums[1] = "Infinity";
      s.progress.sums[2] = "NaN";
    });
    const other = await ready();
    other.restore(bytes);
    expect(stateOf(other.snapshot()).progress.sums.slice(0, 3)).toEqual([
      stateOf(good).progress.sums[0],
      "Infinity",
      "NaN",
    ]);
  });
});

describe("the numbers of a snapshot", () => {
  const withNumber = (tensor: string, value: number) => {
    const { text, data } = partsOf(good);
    const [begin] = headerOf(good)[tensor].data_offsets;
    new DataView(data.buffer).setFloat32(begin + 8, value, true);
    return sealed({ text, data });
  };

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "that are %d are no weights",
    (value) => {
      expect(refusalOf(model, withNumber("dense/kernel", value))).toBe(
        `restore: "dense/kernel"[2] is ${value}; needs a finite number.`,
      );
    },
  );

  it("that are NaN are no slots; infinite ones may be the square of a gradient", async () => {
    expect(refusalOf(model, withNumber("dense/kernel/1/", Number.NaN))).toContain(
      '"dense/kernel/1/"[2] is NaN',
    );
    const other = await ready();
    other.restore(withNumber("dense/kernel/1/", Number.POSITIVE_INFINITY));
    expect(weightBits(other)).toEqual(weightBits(model));
  });

  it("of another type or shape than the parameter's are refused", () => {
    const changed = (name: string, fields: object) =>
      refusalOf(
        model,
        withHeader(good, (header) => {
          Object.assign(header[name], fields);
        }),
      );
    expect(changed("dense/kernel", { dtype: "I32" })).toContain(
      'the tensor "dense/kernel" is I32 [6, 4]; needs F32',
    );
    expect(changed("dense/kernel/0/", { shape: [4, 6] })).toContain("is F32 [4, 6]; needs F32 [6, 4]");
    expect(changed("dense/kernel", { shape: [24] })).toContain("is F32 [6, 4]; needs F32 [24]");
  });
});

describe("limits", () => {
  it("are those that are given", () => {
    expect(refusalOf(model, good, { limits: { headerBytes: 100 } })).toMatch(
      /the header has \d+ bytes; needs at most 100/,
    );
    expect(refusalOf(model, good, { limits: { tensors: 11 } })).toContain(
      "lists 12 tensors; needs at most 11",
    );
    expect(() => model.restore(good, { limits: { tensor: 11 } as object })).toThrow(
      'Did you mean "tensors"?',
    );
    expect(() => model.restore(good, { limits: { tensors: 12 } })).not.toThrow();
  });

  it("of the header, 16 MiB, are kept to where a snapshot is taken", () => {
    expect(() => model.snapshot({ attachments: { text: "x".repeat(2 ** 24) } })).toThrow(
      "needs at most 16777216",
    );
    const long = new Uint8Array(2 ** 24 + 100);
    long.set([1, 0, 0, 1, 0, 0, 0, 0, 0x7b]);
    expect(refusalOf(model, long)).toBe("restore: the header has 16777217 bytes; needs at most 16777216.");
  });
});
