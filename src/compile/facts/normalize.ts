import {
  NormalizeInnerGradRecord,
  NormalizeInnerRecord,
  NormalizeOp,
  NormalizeOuterGradRecord,
  NormalizeOuterRecord,
  RunningAverageRecord,
} from "../../../assembly/isa/normalize.js";
import { Family } from "../../../assembly/isa/op.js";
import { fact, family } from "./fact.js";

export const normalizeKinds = family("normalize", Family.Normalize, NormalizeOp, {
  NormalizeInner: fact(NormalizeInnerRecord, { result: "y", reads: ["x"], inPlace: ["x"] }),
  NormalizeInnerGrad: fact(NormalizeInnerGradRecord, {
    result: "dx",
    reads: ["x", "dy"],
    inPlace: ["x", "dy"],
  }),
  NormalizeOuter: fact(NormalizeOuterRecord, { result: "y", reads: ["x"], inPlace: ["x"] }),
  NormalizeOuterGrad: fact(NormalizeOuterGradRecord, {
    result: "dx",
    reads: ["x", "dy"],
    inPlace: ["x", "dy"],
  }),
  RunningAverage: fact(RunningAverageRecord, { result: null, reads: ["average", "value"] }),
});
