import { Family } from "../../../assembly/isa/op.js";
import {
  BroadcastRecord,
  ReduceOp,
  ReduceOuterRecord,
  ReduceRecord,
  RowGradRecord,
} from "../../../assembly/isa/reduce.js";
import { longColumnsBytes, longSumBytes } from "./chunks.js";
import { fact, family } from "./fact.js";

const inner = fact(ReduceRecord, { result: "y", reads: ["x"] });
const outer = fact(ReduceOuterRecord, { result: "y", reads: ["x"] });
const sumInner = fact(ReduceRecord, inner, { scratch: (size) => longSumBytes(size("inner")) });
const sumOuter = fact(ReduceOuterRecord, outer, {
  scratch: (size) => longColumnsBytes(size("outer"), size("inner")),
});
const softmax = fact(ReduceRecord, inner, { inPlace: ["x"], isSeries: true });
const rowGrad = fact(RowGradRecord, { result: "dx", reads: ["y", "dy"], inPlace: ["y", "dy"] });

export const reduceKinds = family("reduce", Family.Reduce, ReduceOp, {
  Broadcast: fact(BroadcastRecord, { result: "y", reads: ["x"] }),
  SumInner: sumInner,
  MeanInner: sumInner,
  MaxInner: inner,
  MinInner: inner,
  LogSumExpInner: inner,
  ArgMaxInner: inner,
  Softmax: softmax,
  LogSoftmax: softmax,
  SumOuter: sumOuter,
  MeanOuter: sumOuter,
  MaxOuter: outer,
  MinOuter: outer,
  SoftmaxGrad: rowGrad,
  LogSoftmaxGrad: rowGrad,
});
