/** What was bytes once and is no longer is refused with how to turn it back; bytes of whatever realm are bytes. */
import { runInNewContext } from "node:vm";
import { beforeAll, describe, expect, it } from "vitest";
import { compile, dense, input, type Model, sequential } from "../../../src/index.ts";
import { weightBits } from "../../given/models.ts";
import type { Anything } from "./file.ts";
import { refusalOf } from "./refused.ts";

let model: Model;
let good: Uint8Array<ArrayBuffer>;
const ready = (seed: number) => compile(sequential(input(2), dense(1)), { seed });
beforeAll(async () => {
  model = await ready(1);
  good = (await ready(1)).snapshot();
});

/** Does what an error says to do with what it was given. */
const mended = (message: string, it: unknown): Promise<Uint8Array> => {
  const [, code] = /(?:Turn it back: |Give )(.*?\))\.(?: |$)/.exec(message) ?? [];
  expect(code, message).toBeTypeOf("string");
  return new Function("it", `return (async () => ${code})()`)(it);
};

describe("a snapshot that came back from", () => {
  it.each<[string, (bytes: Uint8Array) => unknown]>([
    ["JSON of a typed array", (bytes) => JSON.parse(JSON.stringify(bytes))],
    ["JSON of a Buffer", (bytes) => JSON.parse(JSON.stringify(Buffer.from(bytes)))],
    ["JSON of a list", (bytes) => JSON.parse(JSON.stringify([...bytes]))],
    ["base64", (bytes) => Buffer.from(bytes).toString("base64")],
    ["a Blob", (bytes) => new Blob([bytes as Uint8Array<ArrayBuffer>])],
    ["a Response", (bytes) => new Response(bytes as Uint8Array<ArrayBuffer>)],
  ])("%s is refused with how to turn it back, which does", async (_, through) => {
    const given = through(good);
    const message = refusalOf(model, given);
    expect(message).toContain("needs the bytes of a snapshot");
    const other = await ready(2);
    const back = await mended(message, given);
    other.restore(back, { weightsOnly: true });
    expect(weightBits(other)).toEqual(weightBits(model));
  });

  it("a file that was read as text is refused, as text and as what its letters encode", () => {
    const text = new TextDecoder().decode(good);
    expect(refusalOf(model, text)).toContain("a file is read as bytes, not as text");
    expect(refusalOf(model, new TextEncoder().encode(text))).toMatch(/^restore: /);
  });

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a number", 5],
    ["an object", {}],
    ["a promise", Promise.resolve()],
    ["a list of a length that it has not", { length: 2 ** 32 }],
    ["what says that it is a buffer", { [Symbol.toStringTag]: "ArrayBuffer", byteLength: 1e12 }],
    ["a symbol", Symbol("s")],
  ])("%s is refused", (_, given) => {
    expect(refusalOf(model, given)).toContain("needs the bytes of a snapshot");
  });

  it("a buffer that was transferred is refused", () => {
    const sent = good.slice();
    structuredClone(sent, { transfer: [sent.buffer] });
    expect(refusalOf(model, sent)).toMatch(/needs the bytes of a snapshot|no safetensors file/);
    expect(refusalOf(model, sent.buffer)).toMatch(/needs the bytes of a snapshot|no safetensors file/);
  });
});

describe("bytes", () => {
  it("of another realm are bytes, as in vm and the tests of jest", async () => {
    const [array, buffer]: Anything[] = runInNewContext(
      "[Uint8Array.from(list), Uint8Array.from(list).buffer]",
      {
        list: [...good],
      },
    );
    expect(array).not.toBeInstanceOf(Uint8Array);
    expect(buffer).not.toBeInstanceOf(ArrayBuffer);
    for (const given of [array, buffer]) {
      const other = await ready(2);
      other.restore(given, { weightsOnly: true });
      expect(weightBits(other)).toEqual(weightBits(model));
    }
  });

  it("are taken of whatever view of them, and of memory that is shared", async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(good.length));
    shared.set(good);
    for (const given of [Buffer.from(good), new DataView(good.buffer), new Uint8ClampedArray(good), shared]) {
      const other = await ready(2);
      other.restore(given as Anything, { weightsOnly: true });
      expect(weightBits(other)).toEqual(weightBits(model));
    }
  });
});
