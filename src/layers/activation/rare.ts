/** The activations that are imported when one of them is named. */
import { exp } from "../../graph/primitives/transcendental/exponential.js";
import type { Value } from "../../graph/value.js";
import * as functions from "../../ops/activations.js";

export const RARE = {
  leakyRelu: (x) => functions.leakyRelu(x),
  elu: (x) => functions.elu(x),
  selu: (x) => functions.selu(x),
  celu: (x) => functions.celu(x),
  gelu: (x) => functions.gelu(x),
  geluTanh: (x) => functions.geluTanh(x),
  silu: (x) => functions.silu(x),
  swish: (x) => functions.swish(x),
  mish: (x) => functions.mish(x),
  softplus: (x) => functions.softplus(x),
  softsign: (x) => functions.softsign(x),
  hardSigmoid: (x) => functions.hardSigmoid(x),
  hardSwish: (x) => functions.hardSwish(x),
  hardTanh: (x) => functions.hardTanh(x),
  relu6: (x) => functions.relu6(x),
  exponential: (x) => exp(x),
  logSoftmax: (x) => functions.logSoftmax(x),
} satisfies { readonly [name: string]: (x: Value) => Value };
