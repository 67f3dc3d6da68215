import { Family } from "../../../assembly/isa/op.js";
import {
  AdadeltaRecord,
  AdagradRecord,
  AdamaxRecord,
  ClipGradientRecord,
  ConstrainRecord,
  LbfgsRecord,
  LionRecord,
  LookaheadRecord,
  MovingAverageRecord,
  NadamRecord,
  OptimizerOp,
  RadamRecord,
  RmspropRecord,
} from "../../../assembly/isa/optimizer.js";
import { columnsBytes, longSumBytes } from "./chunks.js";
import { fact, family } from "./fact.js";

export const optimizerKinds = family("optimizer", Family.Optimizer, OptimizerOp, {
  Adagrad: fact(AdagradRecord, { result: null, reads: ["parameter", "sum", "gradient"] }),
  Rmsprop: fact(RmspropRecord, {
    result: null,
    reads: ["parameter", "square", "mean", "velocity", "gradient"],
  }),
  Adadelta: fact(AdadeltaRecord, { result: null, reads: ["parameter", "square", "change", "gradient"] }),
  Adamax: fact(AdamaxRecord, { result: null, reads: ["parameter", "mean", "largest", "gradient"] }),
  Nadam: fact(NadamRecord, { result: null, reads: ["parameter", "mean", "variance", "gradient"] }),
  Radam: fact(RadamRecord, { result: null, reads: ["parameter", "mean", "variance", "gradient"] }),
  Lion: fact(LionRecord, { result: null, reads: ["parameter", "mean", "gradient"] }),
  Lbfgs: fact(LbfgsRecord, {
    result: null,
    reads: ["parameter", "direction", "previous", "steps", "changes", "gradient"],
    scratch: (size) => longSumBytes(size("count")),
  }),
  MovingAverage: fact(MovingAverageRecord, { result: null, reads: ["average", "parameter"] }),
  Lookahead: fact(LookaheadRecord, { result: null, reads: ["slow", "parameter"] }),
  ClipGradient: fact(ClipGradientRecord, {
    result: null,
    reads: ["gradient"],
    scratch: (size) => longSumBytes(size("count")),
  }),
  Constrain: fact(ConstrainRecord, {
    result: null,
    reads: ["parameter"],
    scratch: (size) => columnsBytes(size("outer"), size("inner")),
  }),
});
