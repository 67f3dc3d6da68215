/**
 * The definition of every op in f64: the living standard that kernels and gradients are held against.
 *
 * Independent of src/'s lowering and of the kernels; an op without a definition does not compile.
 */
import type { ops } from "../../src/ops/index.ts";
import * as binary from "./binary.ts";
import type { AttributesOf, Definition } from "./definition.ts";
import * as inputs from "./inputs.ts";
import * as loss from "./loss.ts";
import * as matmul from "./matmul.ts";
import * as reduce from "./reduce.ts";
import * as shapes from "./shapes.ts";
import * as softmax from "./softmax.ts";
import * as unary from "./unary.ts";

type Definitions = { readonly [Name in keyof typeof ops]: Definition<AttributesOf<(typeof ops)[Name]>> };

export const definitions: Definitions = {
  ...binary,
  ...inputs,
  ...loss,
  ...matmul,
  ...reduce,
  ...shapes,
  ...unary,
  softmax: softmax.softmax,
  softmaxGrad: softmax.softmaxGrad,
  logSoftmax: softmax.logSoftmax,
  logSoftmaxGrad: softmax.logSoftmaxGrad,
};
