import { Family } from "../../../assembly/isa/op.js";
import { BroadcastRecord, ReduceOp, ReduceOuterRecord, ReduceRecord } from "../../../assembly/isa/reduce.js";
import { longColumnsBytes, longSumBytes } from "./chunks.js";
import { fact, family } from "./fact.js";

export const inner = fact(ReduceRecord, { result: "y", reads: ["x"] });
export const outer = fact(ReduceOuterRecord, { result: "y", reads: ["x"] });
const sumInner = fact(ReduceRecord, inner, { scratch: (size) => longSumBytes(size("inner")) });
const sumOuter = fact(ReduceOuterRecord, outer, {
  scratch: (size) => longColumnsBytes(size("outer"), size("inner")),
});
export const softmax = fact(ReduceRecord, inner, { inPlace: ["x"], isSeries: true });

export const reduceKinds = family("reduce", Family.Reduce, ReduceOp, {
  Broadcast: fact(BroadcastRecord, { result: "y", reads: ["x"] }),
  SumInner: sumInner,
  MeanInner: sumInner,
  ArgMaxInner: inner,
  Softmax: softmax,
  SumOuter: sumOuter,
  MeanOuter: sumOuter,
});
