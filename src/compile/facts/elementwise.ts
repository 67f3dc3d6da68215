import {
  BinaryRecord,
  ElementwiseOp,
  FillRecord,
  UnaryGradRecord,
  UnaryRecord,
} from "../../../assembly/isa/elementwise.js";
import { Family } from "../../../assembly/isa/op.js";
import { fact, family } from "./fact.js";

export const unary = fact(UnaryRecord, { result: "y", reads: ["x"], inPlace: ["x"] });
export const unarySeries = fact(UnaryRecord, unary, { isSeries: true });
export const unaryGrad = fact(UnaryGradRecord, { result: "dx", reads: ["y", "dy"], inPlace: ["y", "dy"] });
export const binary = fact(BinaryRecord, { result: "y", reads: ["a", "b"], inPlace: ["a", "b"] });

export const elementwiseKinds = family("elementwise", Family.Elementwise, ElementwiseOp, {
  Fill: fact(FillRecord, { result: "y", reads: [] }),
  Copy: unary,
  Negate: unary,
  Abs: unary,
  Square: unary,
  SquareRoot: unary,
  Reciprocal: unary,
  ReciprocalSquareRoot: unary,
  Tanh: unarySeries,
  Sigmoid: unarySeries,
  Relu: unary,
  Sign: unary,
  Affine: unary,
  GreaterThan: unary,
  ReluGrad: unaryGrad,
  SigmoidGrad: unaryGrad,
  TanhGrad: unaryGrad,
  Add: binary,
  Subtract: binary,
  Multiply: binary,
  Divide: binary,
  Maximum: binary,
  Equal: binary,
});
