/** Cases of sparse rows and their products. */
import fc from "fast-check";
import { ops } from "../../../src/graph/primitives/index.ts";
import { ROWS } from "../../../src/graph/shape.ts";
import type { Application, Input, OpCase } from "../case.ts";
import { type Domain, uniform } from "../domains.ts";
import { size } from "../shapes.ts";

const ordinary = uniform(-3, 3);

/** Numbers of which a share is not 0. */
const sparsely =
  (share: number): Domain =>
  (values, chance) => {
    ordinary(values, chance);
    values.forEach((_, i) => {
      if (chance() >= share) values[i] = 0;
    });
  };

const rowsOf = (features: number, share: number): Input => ({
  shape: [ROWS, features],
  domain: sparsely(share),
  constant: true,
  stored: "sparse",
});

const gathered = (features: number, share: number): Application => ({
  inputs: [rowsOf(features, share)],
  build: ([x]) => x!,
  attributes: { features, share },
});

const attributesOf = (x: { readonly attributes: unknown }) =>
  x.attributes as { readonly slot: number; readonly features: number };

const product = (features: number, columns: number, share: number): Application => ({
  inputs: [rowsOf(features, share), { shape: [features, columns], domain: ordinary }],
  build: ([x, w]) => ops.sparseProduct(w!, attributesOf(x!)),
  attributes: { features, columns, share },
});

const productGrad = (features: number, columns: number, share: number): Application => ({
  inputs: [rowsOf(features, share), { shape: [ROWS, columns], domain: ordinary }],
  build: ([x, dy]) => ops.sparseProductGrad(dy!, attributesOf(x!)),
  attributes: { features, columns, share },
});

const share = fc.constantFrom(0, 0.1, 0.5, 1);
const columns = fc.oneof(size, fc.constantFrom(16, 17, 20, 35));

export const sparse = {
  sparseSource: {
    applications: fc.tuple(size, share).map((all) => gathered(...all)),
    accuracy: "exact",
    gradient: "leaf",
    large: gathered(2000, 0.01),
  },
  sparseProduct: {
    applications: fc.tuple(size, columns, share).map((all) => product(...all)),
    // At most so many terms as there are features, one after the other in f32.
    accuracy: { relative: 64 * 2 ** -24, floor: 64 * 9 },
    gradient: "finite differences",
    large: product(2000, 64, 0.01),
  },
  sparseProductGrad: {
    applications: fc.tuple(size, columns, share).map((all) => productGrad(...all)),
    accuracy: { relative: 64 * 2 ** -24, floor: 64 * 9 },
    gradient: "finite differences",
    large: productGrad(2000, 64, 0.01),
  },
} as const satisfies Record<string, OpCase>;
