import { NoiseOp, NoiseRecord, NormalRecord } from "../../../assembly/isa/noise.js";
import { Family } from "../../../assembly/isa/op.js";
import { fact, family } from "./fact.js";

const drawn = fact(NoiseRecord, { result: "y", reads: [], isSeries: true });

export const noiseKinds = family("noise", Family.Noise, NoiseOp, {
  Normal: fact(NormalRecord, { result: "y", reads: [] }),
  UniformNoise: drawn,
  NormalNoise: drawn,
});
