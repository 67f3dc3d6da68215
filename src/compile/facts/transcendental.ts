import { BinaryRecord } from "../../../assembly/isa/elementwise.js";
import { Family } from "../../../assembly/isa/op.js";
import { TranscendentalOp } from "../../../assembly/isa/transcendental.js";
import { binary, unary, unaryGrad, unarySeries } from "./elementwise.js";
import { fact, family } from "./fact.js";

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
});
