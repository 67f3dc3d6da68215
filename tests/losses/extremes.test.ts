/** What losses make of outputs that are far out, of which the formula has a finite loss and gradient. */
import { describe, expect, it } from "vitest";
import {
  compile,
  contrastive,
  customLayer,
  gaussianNegativeLogLikelihood,
  input,
  type Loss,
  sequential,
  sgd,
} from "../../src/index.ts";
import { add } from "../../src/ops/index.ts";

/** Loss and gradient of one row by its output. */
async function lossOf(loss: Loss, output: readonly number[], y: unknown) {
  const shift = customLayer({
    kind: "shift",
    parameters: () => ({ by: { shape: [output.length], initializer: "zeros" } }),
    build: ([x], { by }) => add(x!, by!),
  });
  const model = await compile(sequential(input(output.length), shift), {
    loss,
    optimizer: sgd({ learningRate: 1 }),
  });
  const data = { x: [[...output]], y: y as number[][] };
  const { loss: value } = await model.evaluate(data);
  await model.fit(data, { health: false });
  return { value, gradient: [...model.weights()["shift/by"]!.data].map((step) => -step) };
}

describe("gaussianNegativeLogLikelihood", () => {
  it.each([-0.3, -8, -50, -1e10])("takes a variance of %d for epsilon", async (variance) => {
    const epsilon = 2 ** -10;
    const loss = gaussianNegativeLogLikelihood({ logVariance: false, epsilon });
    const { value, gradient } = await lossOf(loss, [0.75, variance], [1]);
    // e = target − mean: ½ (ln v + e² / v), and by v ½ (1 / v − e² / v²), at v = epsilon.
    const square = 0.25 ** 2;
    expect(value).toBeCloseTo(0.5 * (Math.log(epsilon) + square / epsilon), 4);
    expect(gradient[0]).toBeCloseTo(-0.25 / epsilon, 3);
    const slope = 0.5 * (1 / epsilon - square / epsilon ** 2);
    expect(Math.abs(gradient[1]! / slope - 1)).toBeLessThan(1e-6);
  });
});

describe("contrastive", () => {
  it("costs nothing for a dissimilar pair however far apart", async () => {
    const { value, gradient } = await lossOf(contrastive({ margin: 2 }), [1e20, 0.5], [[0, 1]]);
    expect(value).toBe(0.0625);
    expect(gradient.map(Math.abs)).toEqual([0, 0.25]);
  });
});
