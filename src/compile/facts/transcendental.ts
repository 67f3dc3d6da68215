import { BinaryRecord } from "../../../assembly/isa/elementwise.js";
import { Family } from "../../../assembly/isa/op.js";
import { RowGradRecord, TranscendentalOp } from "../../../assembly/isa/transcendental.js";
import { binary, unary, unaryGrad, unarySeries } from "./elementwise.js";
import { fact, family } from "./fact.js";
import { inner, softmax } from "./reduce.js";

const rowGrad = fact(RowGradRecord, { result: "dx", reads: ["y", "dy"], inPlace: ["y", "dy"] });

export const transcendentalKinds = family("transcendental", Family.Transcendental, TranscendentalOp, {
  Log1p: unarySeries,
  Expm1: unarySeries,
  Sin: unarySeries,
  Cos: unarySeries,
  Softplus: unarySeries,
  Erf: unarySeries,
  Elu: unarySeries,
  Gelu: unary,
  GeluTanh: unary,
  Silu: unary,
  Mish: unary,
  GeluGrad: unaryGrad,
  GeluTanhGrad: unaryGrad,
  SiluGrad: unaryGrad,
  MishGrad: unaryGrad,
  Power: fact(BinaryRecord, binary, { isSeries: true }),
  Exp: unarySeries,
  Log: unarySeries,
  LogSumExpInner: inner,
  LogSoftmax: softmax,
  SoftmaxGrad: rowGrad,
  LogSoftmaxGrad: rowGrad,
});
