/**
 * Files of format 1 still load, checked as strictly as those of today. tests/given/snapshots/format1.json is of the tree at
 * b6ba24d, format1Networks.json of that at d995e5a, the last that wrote the format, with the hash of the weights in it and
 * of those at the end of the training that goes on from it.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { adam, compile, dense, dropout, input, sequential } from "../../../src/index.ts";
import { rowsOf } from "../../given/models.ts";
import { type Anything, put } from "./file.ts";
import { bytesOf, hashOf, networks, trainOn } from "./networks.ts";
import { everything, refusalOf } from "./refused.ts";

const given = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../given/snapshots/${name}.json`, import.meta.url), "utf8"));

const data = { x: rowsOf(45, 6), y: rowsOf(45, 3, 2) };
const base = { epochs: 4, batchSize: 10 };
const ready = () =>
  compile(sequential(input(6), dense(8, "relu"), dropout(0.25), dense(3)), {
    loss: "meanSquaredError",
    metrics: ["meanAbsoluteError"],
    optimizer: adam({ learningRate: 0.01 }),
    seed: 5,
  });

describe.each([
  ["in the midst of an epoch", "inEpoch", 7],
  ["between two epochs", "betweenEpochs", 10],
] as const)("a snapshot %s of format 1", (_, name, maxSteps) => {
  const { stopped, ended } = given("format1")[name] as Record<"stopped" | "ended", string>;

  it("holds what training comes to today", async () => {
    const [trained, model] = [await ready(), await ready()];
    trained.learningRateFactor = 0.5;
    await trained.fit(data, { ...base, maxSteps });
    model.restore(bytesOf(stopped));
    expect(everything(model)).toBe(everything(trained));
  });

  it("goes on to where it went on to before", async () => {
    const [model, end] = [await ready(), await ready()];
    model.restore(bytesOf(stopped));
    await model.fit(data, { ...base, resume: true });
    end.restore(bytesOf(ended));
    expect(everything(model)).toBe(everything(end));
  });
});

describe.each(Object.keys(networks))("a snapshot of format 1 of a network that is %s", (name) => {
  it("gives its weights and goes on to the same ones", async () => {
    const { base64, weights, ended } = given("format1Networks")[name];
    const model = await networks[name]!.ready();
    const { attachments } = model.restore(bytesOf(base64));
    expect(hashOf(model)).toBe(weights);
    expect(attachments).toEqual(networks[name]!.attachments ?? {});
    if (ended === undefined) return;
    await trainOn(name, model);
    expect(hashOf(model)).toBe(ended);
  });
});

/** A file of format 1 with another header, its checksum made right. */
function withHeader(bytes: Uint8Array, change: (header: Anything) => unknown): Uint8Array {
  const length = new DataView(bytes.buffer).getUint32(8, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(16, 16 + length)));
  const changed = change(header);
  const text = new TextEncoder().encode((changed as Anything)?.text ?? JSON.stringify(header));
  const size = Math.ceil(text.length / 4) * 4;
  const made = new Uint8Array(16 + size + bytes.length - 16 - length);
  made.set(bytes.subarray(0, 16));
  made.fill(0x20, 16, 16 + size);
  made.set(text, 16);
  made.set(bytes.subarray(16 + length), 16 + size);
  const view = new DataView(made.buffer);
  view.setUint32(8, size, true);
  let hash = 0x811c9dc5;
  for (let at = 16; at < made.length; at += 4) hash = Math.imul(hash ^ view.getUint32(at, true), 0x01000193);
  view.setUint32(12, hash >>> 0, true);
  return made;
}

describe("a file of format 1", () => {
  const good = bytesOf(given("format1").inEpoch.stopped);

  it.each<[string, (header: Anything) => unknown, string]>([
    ["sums of the length 1e8", put("progress.sums", { length: 1e8 }), "progress.sums is an object"],
    ["rows that are text", put("progress.rows", "x"), 'progress.rows is "x"'],
    ["a negative step", put("step", -1), "step is -1"],
    [
      "a since that is an object",
      put("parameters[0].since", { real: 5 }),
      "parameters[0].since is an object",
    ],
    ["a step less than since", put("parameters[0].since", 8), "parameters[0].since is 8; needs at most 7"],
    ["negative slots", put("parameters[0].slots", -1), "parameters[0].slots is -1"],
    ["slots without end", put("parameters[0].slots", 2 ** 50), "parameters[0].slots is 1125899906842624"],
    [
      "slots without end of nothing",
      (h) => Object.assign(h.parameters[0], { slots: 2 ** 31, shape: [0] }),
      "needs 0.",
    ],
    ["a parameter twice", (h) => h.parameters.splice(1, 1, h.parameters[0]), "cut short"],
    ["a size that wraps", put("parameters[0].shape", [65536, 65537, 65536, 65537]), "data_offsets"],
    ["a negative size", put("parameters[0].shape", [-6, -8]), "parameters[0].shape[0] is -6"],
    ["a shape that is text", put("parameters[0].shape", "68"), 'parameters[0].shape is "68"'],
    ["no parameters", (h) => delete h.parameters, "the field parameters is missing"],
    ["a field that there is not", put("foo", 1), 'there is no field "foo"'],
    ["a key twice", (h) => ({ text: `{"seed":5,${JSON.stringify(h).slice(1)}` }), 'the key "seed" twice'],
    ["a header that is a list", () => ({ text: "[]" }), "it is an array of 0"],
    ["a header that is no JSON", () => ({ text: "{" }), "the header cannot be read"],
  ])("with %s is refused", async (_, change, says) => {
    const model = await ready();
    expect(refusalOf(model, withHeader(good, change))).toContain(says);
    expect(refusalOf(model, withHeader(good, change), { weightsOnly: true })).toContain(says);
  });

  it("that is cut short, longer, changed or of another format is refused", async () => {
    const model = await ready();
    for (let length = 0; length < good.length; length += 7) {
      expect(refusalOf(model, good.slice(0, length))).toMatch(/cut short|no safetensors|checksum/);
    }
    expect(refusalOf(model, Uint8Array.from([...good, 0, 0, 0, 0]))).toMatch(/checksum|too long/);
    expect(refusalOf(model, good.with(good.length - 3, 1))).toContain("another checksum");
    expect(refusalOf(model, good.with(4, 9))).toContain("has format 9; this version reads 1 and 2");
    expect(refusalOf(model, good.with(11, 255))).toContain("cut short");
  });

  it("with weights that are not finite is refused", async () => {
    const model = await ready();
    const bytes = withHeader(good, () => undefined);
    const length = new DataView(bytes.buffer).getUint32(8, true);
    new DataView(bytes.buffer).setFloat32(16 + length, Number.NaN, true);
    expect(
      refusalOf(
        model,
        withHeader(bytes, () => undefined),
      ),
    ).toBe('restore: "dense/kernel"[0] is NaN; needs a finite number.');
  });
});
