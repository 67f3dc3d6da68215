import { Family } from "../../../assembly/isa/op.js";
import { AdamRecord, SgdRecord, UpdateOp } from "../../../assembly/isa/update.js";
import { fact, family } from "./fact.js";

export const updateKinds = family("update", Family.Update, UpdateOp, {
  Sgd: fact(SgdRecord, { result: null, reads: ["parameter", "velocity", "gradient"] }),
  Adam: fact(AdamRecord, { result: null, reads: ["parameter", "mean", "variance", "largest", "gradient"] }),
});
