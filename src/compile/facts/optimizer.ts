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
  Adagrad: fact(AdagradRecord, {
    result: null,
    reads: ["parameter", "sum", "gradient"],
    writes: ["parameter", "sum"],
  }),
  Rmsprop: fact(RmspropRecord, {
    result: null,
    reads: ["parameter", "square", "mean", "velocity", "gradient"],
    writes: ["parameter", "square", "mean", "velocity"],
  }),
  Adadelta: fact(AdadeltaRecord, {
    result: null,
    reads: ["parameter", "square", "change", "gradient"],
    writes: ["parameter", "square", "change"],
  }),
  Adamax: fact(AdamaxRecord, {
    result: null,
    reads: ["parameter", "mean", "largest", "gradient"],
    writes: ["parameter", "mean", "largest"],
  }),
  Nadam: fact(NadamRecord, {
    result: null,
    reads: ["parameter", "mean", "variance", "gradient"],
    writes: ["parameter", "mean", "variance"],
  }),
  Radam: fact(RadamRecord, {
    result: null,
    reads: ["parameter", "mean", "variance", "gradient"],
    writes: ["parameter", "mean", "variance"],
  }),
  Lion: fact(LionRecord, {
    result: null,
    reads: ["parameter", "mean", "gradient"],
    writes: ["parameter", "mean"],
  }),
  Lbfgs: fact(LbfgsRecord, {
    result: null,
    reads: ["parameter", "direction", "previous", "steps", "changes", "gradient"],
    writes: ["parameter", "direction", "previous", "steps", "changes"],
    scratch: (size) => longSumBytes(size("count")),
  }),
  MovingAverage: fact(MovingAverageRecord, {
    result: null,
    reads: ["average", "parameter"],
    writes: ["average"],
  }),
  Lookahead: fact(LookaheadRecord, {
    result: null,
    reads: ["slow", "parameter"],
    writes: ["slow", "parameter"],
  }),
  ClipGradient: fact(ClipGradientRecord, {
    result: null,
    reads: ["gradient"],
    writes: ["gradient"],
    scratch: (size) => longSumBytes(size("count")),
  }),
  Constrain: fact(ConstrainRecord, {
    result: null,
    reads: ["parameter"],
    writes: ["parameter"],
    scratch: (size) => columnsBytes(size("outer"), size("inner")),
  }),
});
