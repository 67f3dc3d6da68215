/** Bit-exact: the same seed gives the same weights, whatever else happens while they are trained. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import * as wasmgrad from "../../src/index.js";
import * as ops from "../../src/ops/index.ts";
import { turnOfTheLoop } from "../given/models.js";
import { FAMILIES_HASH, familiesHash } from "../runtimes/families.mjs";
import { LONG_SUMS_HASH, longSumsHash } from "../runtimes/longSums.mjs";
import { MAPS_HASH, mapsHash } from "../runtimes/maps.mjs";
import { TRAINER_HASH, trainerHash } from "../runtimes/trainer.mjs";
import { FUNCTIONS_HASH, functionsHash, TRAINED_HASH, trainedHash } from "../runtimes/training.mjs";

describe("the weights of a training", () => {
  it("have the hash that they have always had", async () => {
    expect(await trainedHash(wasmgrad)).toBe(TRAINED_HASH);
  });

  it("ends in the weights that every runtime and version must end in, through every family of functions", async () => {
    expect(await functionsHash(wasmgrad, ops)).toBe(FUNCTIONS_HASH);
  });

  it("ends in the weights that every runtime must end in, by every optimizer, normalization and schedule", async () => {
    expect(await trainerHash(wasmgrad)).toBe(TRAINER_HASH);
  });

  it("ends in the weights that every runtime must end in, where sums are in many chunks", async () => {
    expect(await longSumsHash(wasmgrad)).toBe(LONG_SUMS_HASH);
  });

  it("ends in the weights that every runtime must end in, through convolutions and pooling", async () => {
    expect(await mapsHash(wasmgrad)).toBe(MAPS_HASH);
  });

  it("ends in the weights that every runtime must end in, by families of the engine that are modules", async () => {
    expect(await familiesHash(wasmgrad)).toBe(FAMILIES_HASH);
  });

  it("have it in what was built, run by Node alone", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ["tests/runtimes/weightHash.mjs"]);
    expect(stdout).toBe(`hash ${await trainedHash(wasmgrad)} node ${process.version}\n`);
  });

  it("differ for another seed", async () => {
    expect(await trainedHash(wasmgrad, {}, 1)).not.toBe(await trainedHash(wasmgrad));
  });

  it("do not depend on how training is cut into slices, nor on what runs in between", async () => {
    const hash = await trainedHash(wasmgrad);
    let step = 0;
    const watched = { onStep: () => (++step % 7 === 0 ? turnOfTheLoop() : undefined) };
    expect(await trainedHash(wasmgrad, watched)).toBe(hash);
    expect(step).toBe(200);
    expect(await trainedHash(wasmgrad, { onEpoch: turnOfTheLoop })).toBe(hash);
  });

  it("do not depend on the room for data", async () => {
    const hash = await trainedHash(wasmgrad);
    for (const dataMemory of [1, 10_000, 40_000])
      expect(await trainedHash(wasmgrad, { dataMemory })).toBe(hash);
  });

  it("do not depend on other models that train at the same time", async () => {
    const hash = await trainedHash(wasmgrad);
    const options = { onStep: turnOfTheLoop };
    const hashes = await Promise.all([
      trainedHash(wasmgrad, options),
      trainedHash(wasmgrad, options, 1),
      trainedHash(wasmgrad, options),
    ]);
    expect([hashes[0], hashes[2]]).toEqual([hash, hash]);
    expect(hashes[1]).not.toBe(hash);
  });

  it("start from all 53 bits of the seed", async () => {
    const { compile, dense, input, sequential } = wasmgrad;
    const kernels = new Set<string>();
    for (const seed of [0, 1, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER]) {
      const model = await compile(sequential(input(4), dense(4)), { seed });
      kernels.add(String(model.weights()["dense/kernel"]?.data));
    }
    expect(kernels.size).toBe(5);
  });
});
