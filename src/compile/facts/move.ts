import {
  CumulativeSumRecord,
  MoveOp,
  MoveRecord,
  OneHotRecord,
  ScatterAddRecord,
  SparseGatherRecord,
  SparseProductGradRecord,
  SparseProductRecord,
  TakeRecord,
} from "../../../assembly/isa/move.js";
import { Family } from "../../../assembly/isa/op.js";
import { staysInside } from "../verify/reach.js";
import { fact, family } from "./fact.js";

export const moveKinds = family("move", Family.Move, MoveOp, {
  Move: fact(MoveRecord, {
    result: "y",
    reads: ["x"],
    fault(operands) {
      const side = (["y", "x"] as const).find((one) => !staysInside(operands, one));
      return side && `moves elements beyond the end of ${side}`;
    },
  }),
  CumulativeSum: fact(CumulativeSumRecord, { result: "y", reads: ["x"], inPlace: ["x"] }),
  Take: fact(TakeRecord, { result: "y", reads: ["x", "index"], indexes: "length" }),
  ScatterAdd: fact(ScatterAddRecord, { result: "dx", reads: ["dy", "index"], indexes: "length" }),
  OneHot: fact(OneHotRecord, { result: "y", reads: ["index"], indexes: "depth" }),
  SparseGather: fact(SparseGatherRecord, { result: "y", reads: [] }),
  SparseProduct: fact(SparseProductRecord, { result: "y", reads: ["w"] }),
  SparseProductGrad: fact(SparseProductGradRecord, { result: "dw", reads: ["dy"] }),
});
