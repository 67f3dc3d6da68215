import { Family } from "../../../assembly/isa/op.js";
import { DropoutRecord, RandomOp, UniformRecord } from "../../../assembly/isa/random.js";
import { fact, family } from "./fact.js";

export const randomKinds = family("random", Family.Random, RandomOp, {
  Uniform: fact(UniformRecord, { result: "y", reads: [] }),
  Dropout: fact(DropoutRecord, { result: "y", reads: ["x"], inPlace: ["x"], isSeries: true }),
});
