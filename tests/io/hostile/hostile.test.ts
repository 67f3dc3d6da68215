/**
 * Files of those who mean harm, and damaged ones, beside the random ones of tests/io/snapshot/fuzz.test.ts: each is refused with
 * a FormatError that names the field, reading no more than the file has; nothing is changed.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { compile, dense, input, type Model, sequential } from "../../../src/index.ts";
import { inspect, loadStateDict, openTensors, type TensorSource } from "../../../src/io/index.ts";
import { rejectionOf } from "../../given/models.ts";
import { npy } from "./npy.ts";
import { npz } from "./npz.ts";
import { safetensors } from "./safetensors.ts";
import type { Case } from "./values.ts";

const keys = () => Reflect.ownKeys(Object.prototype).map(String);
const before = keys();
let model: Model;
beforeAll(async () => {
  model = await compile(sequential(input(2), dense(1)));
});

/** Ranges, counted: a file is looked at a few times at most, whatever it says of itself. */
function counting(bytes: Uint8Array) {
  const reader = {
    size: bytes.length,
    count: 0,
    read: (offset: number, length: number) => {
      reader.count += length;
      return bytes.subarray(offset, offset + length);
    },
  };
  return reader;
}

async function readAll(source: TensorSource): Promise<void> {
  const file = await openTensors(source);
  if (file.tensors.length === 0) throw Object.assign(new Error("no tensor"), { name: "FormatError" });
  for (const { name } of file.tensors) await file.read(name);
}

function expectRefusal(error: Error, says: Case["says"]): void {
  expect(`${error.name}: ${error.message}`.slice(0, 500)).toMatch(/^FormatError: /);
  if (typeof says === "string") expect(error.message).toContain(says);
  else expect(error.message).toMatch(says);
  expect(error.message.length).toBeLessThan(600);
}

const all = { safetensors, npy, npz };

it("there are more than 300 of them, each another", () => {
  const cases = Object.values(all).flat();
  expect(cases.length).toBeGreaterThan(300);
  const texts = cases.map(
    ({ bytes }) => `${bytes.length} ${Buffer.from(bytes.subarray(0, 4000)).toString("latin1")}`,
  );
  // Those of a file that is cut are few bytes.
  expect(new Set(texts).size).toBeGreaterThan(cases.length - 8);
});

describe.each(Object.entries(all))("%s", (_, cases) => {
  it.each(cases.map((one) => [one.name.slice(0, 100), one] as const))("%s", async (_, { bytes, says }) => {
    const reader = counting(bytes);
    const error = (await rejectionOf(readAll(reader))) as Error;
    expectRefusal(error, says);
    expect(reader.count).toBeLessThanOrEqual(6 * bytes.length + 200);
    const other = (await rejectionOf(loadStateDict(model, bytes))) as Error;
    expect(other.name).toBe("FormatError");
    expect(keys()).toEqual(before);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

it("inspect refuses what cannot be listed, and tells of the others without unpacking them", async () => {
  const cases = [...safetensors, ...npy, ...npz].filter(({ bytes }) => bytes.length < 100_000);
  for (const { bytes } of cases) {
    const found = await inspect(bytes).catch((error: Error) => error);
    if (found instanceof Error) expect(found.name).toBe("FormatError");
    else expect(found.bytes).toBe(bytes.length);
  }
});

it("of all that nothing came into the model", () => {
  expect(model.weights()["dense/bias"]!.data).toEqual(Float32Array.of(0));
});
