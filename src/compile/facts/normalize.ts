import {
  NormalizeInnerGradRecord,
  NormalizeInnerRecord,
  NormalizeOp,
  NormalizeOuterGradRecord,
  NormalizeOuterRecord,
  RunningAverageRecord,
} from "../../../assembly/isa/normalize.js";
import { Family } from "../../../assembly/isa/op.js";
import { longSumBytes, panelBytes } from "./chunks.js";
import { fact, family } from "./fact.js";

type Size = (field: "outer" | "inner") => number;

const rows = (size: Size) => longSumBytes(size("inner"));
const columns = (size: Size) =>
  size("inner") === 1 ? longSumBytes(size("outer")) : panelBytes(size("outer"));

export const normalizeKinds = family("normalize", Family.Normalize, NormalizeOp, {
  NormalizeInner: fact(NormalizeInnerRecord, { result: "y", reads: ["x"], inPlace: ["x"], scratch: rows }),
  NormalizeInnerGrad: fact(NormalizeInnerGradRecord, {
    result: "dx",
    reads: ["x", "dy"],
    inPlace: ["x", "dy"],
    scratch: rows,
  }),
  NormalizeOuter: fact(NormalizeOuterRecord, { result: "y", reads: ["x"], inPlace: ["x"], scratch: columns }),
  NormalizeOuterGrad: fact(NormalizeOuterGradRecord, {
    result: "dx",
    reads: ["x", "dy"],
    inPlace: ["x", "dy"],
    scratch: columns,
  }),
  RunningAverage: fact(RunningAverageRecord, { result: null, reads: ["average", "value"] }),
});
