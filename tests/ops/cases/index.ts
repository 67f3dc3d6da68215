/** One row for each public function of values: its definition in f64, its gradient, its shapes. */
import type * as functions from "../../../src/ops/index.ts";
import type { OpCase } from "../../cases/case.ts";
import { activations } from "./activations.ts";
import { constants } from "./constant.ts";
import { customFunctions } from "./customGradient.ts";
import { elementwise } from "./elementwise.ts";
import { gates } from "./gates.ts";
import { indexing } from "./indexing.ts";
import { normalizationFunctions } from "./normalization.ts";
import { partFunctions } from "./parts.ts";
import { products } from "./products.ts";
import { random } from "./random.ts";
import { reductions } from "./reductions.ts";
import { shapeFunctions } from "./shapes.ts";
import { similarity } from "./similarity.ts";

/** A function of `wasmgrad/ops` without a row does not compile. */
export const functionCases: { readonly [Name in keyof typeof functions]: OpCase } = {
  ...constants,
  ...customFunctions,
  ...activations,
  ...elementwise,
  ...gates,
  ...indexing,
  ...normalizationFunctions,
  ...partFunctions,
  ...products,
  ...random,
  ...reductions,
  ...shapeFunctions,
  ...similarity,
};
