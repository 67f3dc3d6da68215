/**
 * Weights and states of optimizers to PyTorch and back: what is trained here answers there as it does here, and trains on there
 * as it would have here; and the other way round. The numbers are PyTorch's (tests/peers/torch/exchange.py).
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compile, type Model } from "../../../src/index.ts";
import { loadStateDict, openTensors, toStateDict, writeSafetensors } from "../../../src/io/index.ts";
import { crc32 } from "../../../src/io/numpy/crc32.ts";
import { numbers } from "../../given/models.ts";
import { type Exchanged, networks } from "./networks.ts";

interface Answers {
  readonly y: readonly number[];
  readonly later: readonly number[];
}
interface Given {
  readonly steps: number;
  readonly networks: Readonly<
    Record<
      string,
      {
        readonly fromHere: Answers & { readonly crc: number };
        readonly fromThere: Answers & { readonly file: string };
      }
    >
  >;
}

const isUpdating = process.env.UPDATE_GIVEN !== undefined;
const given: Given = isUpdating
  ? { steps: 5, networks: {} }
  : JSON.parse(readFileSync(new URL("../../peers/torch/exchange.json", import.meta.url), "utf8"));
const ROWS = 12;

const ready = ({ make, optimizer }: Exchanged): Promise<Model> =>
  compile(make(), { loss: "meanSquaredError", optimizer: optimizer(), seed: 7 });

const train = (model: Model, x: Float32Array, y: Float32Array) =>
  model.fit({ x, y }, { epochs: given.steps, batchSize: ROWS, shuffle: false, health: false });

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** The largest difference, of numbers of about 1. */
function differenceOf(a: ArrayLike<number>, b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  return b.reduce((most, one, i) => Math.max(most, Math.abs(one - (a[i] as number))), 0);
}

/** Trained here for some steps: the file for PyTorch has the data too. */
async function trainedHere(one: Exchanged) {
  const { shape, outputs, layers } = one;
  const x = Float32Array.from(numbers(ROWS * sizeOf(shape), 3));
  const y = Float32Array.from(numbers(ROWS * outputs, 4));
  const model = await ready(one);
  await train(model, x, y);
  const state = await toStateDict(model, { optimizer: true, ...(layers && { layers }) });
  const bytes = await writeSafetensors({
    ...state,
    x: { shape: [ROWS, ...shape], data: x },
    y: { shape: [ROWS, outputs], data: y },
  });
  return { model, x, y, bytes };
}

if (isUpdating) {
  it.each(Object.keys(networks))("writes what PyTorch is to read: %s", async (name) => {
    const { bytes } = await trainedHere(networks[name]!);
    mkdirSync("build/exchange", { recursive: true });
    writeFileSync(`build/exchange/${name}.safetensors`, bytes);
  });
} else {
  describe.each(Object.keys(networks))("%s", (name) => {
    const one = networks[name]!;
    const { fromHere, fromThere } = given.networks[name]!;
    const options = one.layers ? { layers: one.layers } : {};

    it("answers in PyTorch as it does here, and trains on there as it would have here", async () => {
      const { model, x, y, bytes } = await trainedHere(one);
      expect(crc32(bytes)).toBe(fromHere.crc);
      expect(differenceOf(await model.predict(x), fromHere.y)).toBeLessThan(2e-6);
      await train(model, x, y);
      expect(differenceOf(await model.predict(x), fromHere.later)).toBeLessThan(2e-5);
    });

    it("answers here as in PyTorch, where it was trained, and trains on as it would have there", async () => {
      const file = await openTensors(new Uint8Array(Buffer.from(fromThere.file, "base64")));
      const [x, y] = [(await file.read("x", { as: "F32" })).data, (await file.read("y", { as: "F32" })).data];
      const tensors = Object.fromEntries(
        await Promise.all(
          file.tensors
            .filter(({ name }) => name !== "x" && name !== "y")
            .map(async ({ name }) => [name, await file.read(name)] as const),
        ),
      );
      const model = await ready(one);
      await loadStateDict(model, tensors, { ...options, optimizer: true });
      expect(differenceOf(await model.predict(x), fromThere.y)).toBeLessThan(2e-6);
      await train(model, x, y);
      expect(differenceOf(await model.predict(x), fromThere.later)).toBeLessThan(2e-5);
      // And back again: the weights of one that only predicts.
      const other = await compile(one.make(), { seed: 1 });
      await loadStateDict(other, await writeSafetensors(await toStateDict(model, options)), options);
      expect(await other.predict(x)).toEqual(await model.predict(x));
    });
  });
}
