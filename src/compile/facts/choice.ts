import { ChoiceOp, SelectRecord } from "../../../assembly/isa/choice.js";
import { Family } from "../../../assembly/isa/op.js";
import { binary, unary } from "./elementwise.js";
import { fact, family } from "./fact.js";
import { inner, outer } from "./reduce.js";

export const choiceKinds = family("choice", Family.Choice, ChoiceOp, {
  LeakyRelu: unary,
  Clip: unary,
  Minimum: binary,
  NotEqual: binary,
  Greater: binary,
  GreaterEqual: binary,
  Select: fact(SelectRecord, {
    result: "y",
    reads: ["condition", "a", "b"],
    inPlace: ["condition", "a", "b"],
  }),
  MaxInner: inner,
  MinInner: inner,
  MaxOuter: outer,
  MinOuter: outer,
});
