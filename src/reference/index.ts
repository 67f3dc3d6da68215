/**
 * The definition of every op in f64: the living standard that kernels and gradients are held against.
 *
 * Independent of src/'s lowering and of the kernels; an op without a definition does not compile.
 */
import type { ops } from "../ops/index.js";
import * as activation from "./activation.js";
import * as batchMatmul from "./batchMatmul.js";
import * as binary from "./binary.js";
import * as ctc from "./ctc.js";
import * as cumulativeSum from "./cumulativeSum.js";
import type { AttributesOf, Definition } from "./definition.js";
import * as indexing from "./indexing.js";
import * as inputs from "./inputs.js";
import * as loss from "./loss.js";
import * as matmul from "./matmul.js";
import * as noise from "./noise.js";
import * as normalize from "./normalize.js";
import * as reduce from "./reduce.js";
import * as select from "./select.js";
import * as shapes from "./shapes.js";
import * as softmax from "./softmax.js";
import * as unary from "./unary.js";

type Definitions = { readonly [Name in keyof typeof ops]: Definition<AttributesOf<(typeof ops)[Name]>> };

export const definitions: Definitions = {
  ...activation,
  ...batchMatmul,
  ...binary,
  ...ctc,
  ...cumulativeSum,
  ...indexing,
  ...inputs,
  ...loss,
  ...matmul,
  ...noise,
  ...normalize,
  ...reduce,
  ...select,
  ...shapes,
  ...unary,
  softmax: softmax.softmax,
  softmaxGrad: softmax.softmaxGrad,
  logSoftmax: softmax.logSoftmax,
  logSoftmaxGrad: softmax.logSoftmaxGrad,
};
