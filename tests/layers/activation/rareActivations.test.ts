/** Activations whose names are imported: what stands for one without its name needs no import. */
import { describe, expect, it } from "vitest";
import { constant } from "../../../src/graph/primitives/step/source.ts";
import { activation, dense } from "../../../src/index.ts";
import { NotLoaded } from "../../../src/late.ts";
import { toActivation } from "../../../src/layers/activation/activations.ts";
import { rareActivations } from "../../../src/layers/activation/late.ts";
import * as ops from "../../../src/ops/index.ts";

const x = constant({ shape: [3], values: Float32Array.of(-1, 0, 2) });

describe("a rare activation", () => {
  it("by its name waits for its part, and is what the function is when that is there", async () => {
    const { apply } = toActivation("dense", "gelu");
    if (rareActivations.loaded === undefined) expect(() => apply(x)).toThrow(NotLoaded);
    await rareActivations.load("compile");
    expect(apply(x).op.name).toBe(ops.gelu(x).op.name);
  });

  it("given as a function of wasmgrad/ops waits for nothing, is settled to its name and starts its kernel as that", () => {
    const { gelu, selu, leakyRelu, softmax, swish } = ops;
    for (const [name, given] of Object.entries({ gelu, selu, leakyRelu, softmax, swish })) {
      const option = given as (value: typeof x) => typeof x;
      const found = toActivation("dense", option);
      expect(found.name).toBe(name);
      expect(found.initializer).toBe(toActivation("dense", name as "gelu").initializer);
      expect(found.apply(x).op).toBe(option(x).op);
      expect(dense(2, option).options.activation).toBe(name);
      expect(activation(option).given).toEqual([name]);
    }
  });

  it("is not taken for a function of one's own that uses it", () => {
    const own = (value: typeof x) => ops.gelu(value);
    expect(dense(2, own).options.activation).toBe(own);
  });
});
