import { Family } from "../../../assembly/isa/op.js";
import { CtcGradRecord, CtcLossRecord, CtcRecord, SequenceOp } from "../../../assembly/isa/sequence.js";
import { fact, family } from "./fact.js";

export const sequenceKinds = family("sequence", Family.Sequence, SequenceOp, {
  CtcAlpha: fact(CtcRecord, { result: "alpha", reads: ["x", "target"] }),
  CtcLoss: fact(CtcLossRecord, { result: "loss", reads: ["alpha", "target"] }),
  CtcGrad: fact(CtcGradRecord, {
    result: "dx",
    reads: ["x", "alpha", "target", "dloss"],
    inPlace: ["x"],
  }),
});
