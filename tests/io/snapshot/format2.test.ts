/**
 * Files of format 2 load for ever: tests/given/snapshots/format2Networks.json is of the tree that wrote the first of them,
 * with the hash of the weights in each and of those at the end of the training that goes on from it. It is never made anew:
 * where it no longer loads since a layer or an optimizer has a new option, `version` of the facts tells old from new.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compile, dense, input, sequential } from "../../../src/index.ts";
import { headerOf, stateOf } from "./file.ts";
import { bytesOf, hashOf, networks, trainOn } from "./networks.ts";
import { everything } from "./refused.ts";

const given = (format: number) =>
  JSON.parse(
    readFileSync(new URL(`../../given/snapshots/format${format}Networks.json`, import.meta.url), "utf8"),
  );

describe.each(Object.keys(networks))("a snapshot of format 2 of a network that is %s", (name) => {
  const { base64, weights, ended } = given(2)[name];

  it("gives its weights and goes on to the same ones", async () => {
    const model = await networks[name]!.ready();
    const { attachments } = model.restore(bytesOf(base64));
    expect(hashOf(model)).toBe(weights);
    expect(attachments).toEqual(networks[name]!.attachments ?? {});
    expect(stateOf(bytesOf(base64)).model.version).toBe(1);
    if (ended === undefined) return;
    await trainOn(name, model);
    expect(hashOf(model)).toBe(ended);
  });

  it("gives the weights alone, to the same predictions", async () => {
    const [one, other] = [await networks[name]!.ready(), await networks[name]!.ready()];
    one.restore(bytesOf(base64));
    other.restore(bytesOf(base64), { weightsOnly: true });
    expect(hashOf(other)).toBe(weights);
    expect(hashOf(one)).toBe(weights);
  });

  it("has the weights of format 1, from which the same state comes", async () => {
    expect(given(1)[name].weights).toBe(weights);
    expect(given(1)[name].ended).toBe(ended);
    const [one, other] = [await networks[name]!.ready(), await networks[name]!.ready()];
    one.restore(bytesOf(given(1)[name].base64));
    other.restore(bytesOf(base64));
    expect(everything(one)).toBe(everything(other));
  });
});

describe("a snapshot", () => {
  it("has its weights under their names, for other tools, and slots under names that no weight has", async () => {
    const model = await compile(sequential(input(2), dense(3)), { loss: "meanSquaredError" });
    const { __metadata__: metadata, ...tensors } = headerOf(model.snapshot());
    expect(Object.keys(metadata)).toEqual(["crc32c", "wasmgrad"]);
    const slots = (name: string) => [name, `${name}/0/`, `${name}/1/`];
    expect(Object.keys(tensors)).toEqual([...slots("dense/kernel"), ...slots("dense/bias")]);
    expect(tensors["dense/kernel"]).toEqual({ dtype: "F32", shape: [2, 3], data_offsets: [0, 24] });
  });

  it("that is taken again of what was restored has the same bytes", async () => {
    const { base64 } = given(2).momentum;
    const model = await networks.momentum!.ready();
    const { attachments } = model.restore(bytesOf(base64));
    expect(Buffer.from(model.snapshot({ attachments })).toString("base64")).toBe(base64);
  });
});
