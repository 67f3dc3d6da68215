/**
 * The definition of every op in f64: the living standard that kernels and gradients are held against.
 *
 * Independent of src/'s lowering and of the kernels; an op without a definition does not compile.
 */
import type { ops } from "../primitives/index.js";
import * as comparison from "./choice/comparison.js";
import * as extremes from "./choice/extremes.js";
import * as piecewise from "./choice/piecewise.js";
import * as select from "./choice/select.js";
import * as convolution from "./convolution/convolution.js";
import * as pool from "./convolution/pool.js";
import type { AttributesOf, Definition } from "./definition.js";
import * as binary from "./elementwise/binary.js";
import * as fill from "./elementwise/fill.js";
import * as unary from "./elementwise/unary.js";
import * as loss from "./loss/loss.js";
import * as batchMatmul from "./matmul/batchMatmul.js";
import * as matmul from "./matmul/matmul.js";
import * as cumulativeSum from "./move/cumulativeSum.js";
import * as indexing from "./move/indexing.js";
import * as shapes from "./move/shapes.js";
import * as sparse from "./move/sparse.js";
import * as noise from "./noise/noise.js";
import * as normalize from "./normalize/normalize.js";
import * as dropout from "./random/dropout.js";
import * as broadcast from "./reduce/broadcast.js";
import * as reduce from "./reduce/reduce.js";
import * as softmax from "./reduce/softmax.js";
import * as ctc from "./sequence/ctc.js";
import * as inputs from "./step/inputs.js";
import * as activation from "./transcendental/activation.js";
import * as exponential from "./transcendental/exponential.js";
import * as logSumExp from "./transcendental/logSumExp.js";
import * as ofSoftmax from "./transcendental/softmax.js";
import * as transcendental from "./transcendental/transcendental.js";
import * as views from "./views.js";

type Definitions = { readonly [Name in keyof typeof ops]: Definition<AttributesOf<(typeof ops)[Name]>> };

export const definitions: Definitions = {
  ...activation,
  ...comparison,
  ...exponential,
  ...extremes,
  ...fill,
  ...logSumExp,
  ...ofSoftmax,
  ...piecewise,
  ...batchMatmul,
  ...broadcast,
  ...convolution,
  ...ctc,
  ...cumulativeSum,
  ...dropout,
  ...indexing,
  ...inputs,
  ...loss,
  ...matmul,
  ...noise,
  ...normalize,
  ...pool,
  ...select,
  ...shapes,
  ...sparse,
  ...transcendental,
  ...unary,
  ...views,
  sum: reduce.sum,
  mean: reduce.mean,
  argMax: reduce.argMax,
  softmax: softmax.softmax,
  add: binary.add,
  subtract: binary.subtract,
  multiply: binary.multiply,
  divide: binary.divide,
  maximum: binary.maximum,
  equal: binary.equal,
};
