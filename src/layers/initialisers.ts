import type { Initial } from "../ops/source.js";
import { choose } from "../options.js";

/** Numbers of inputs and outputs of one unit of a layer. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

const uniformWithin = (limit: number): Initial => ({ low: -limit, high: limit });
const constant = (value: number): Initial => ({ low: value, high: value });

/**
 * - `glorotUniform`: U(±√(6 / (fanIn + fanOut))), which keeps the variance of tanh and sigmoid layers
 * - `heUniform`: U(±√(6 / fanIn)), which keeps the variance of ReLU layers
 * - `lecunUniform`: U(±√(3 / fanIn)), of variance 1 / fanIn
 * - `uniform`: U(−1, 1)
 * - `zeros`, `ones`
 */
export type InitializerName = "glorotUniform" | "heUniform" | "lecunUniform" | "uniform" | "zeros" | "ones";

/** The initialisers that an option may name, each for the fans of its parameter. */
const INITIALISERS: Readonly<Record<InitializerName, (fans: Fans) => Initial>> = {
  /** U(±√(6 / (fanIn + fanOut))): keeps the variance of tanh and sigmoid layers (Glorot & Bengio 2010, eq. 16). */
  glorotUniform: ({ fanIn, fanOut }: Fans) => uniformWithin(Math.sqrt(6 / (fanIn + fanOut))),
  /** U(±√(6 / fanIn)): keeps the variance of ReLU layers (He et al. 2015, eq. 10). */
  heUniform: ({ fanIn }: Fans) => uniformWithin(Math.sqrt(6 / fanIn)),
  /** U(±√(3 / fanIn)): variance 1 / fanIn (LeCun et al. 1998, §4.6). */
  lecunUniform: ({ fanIn }: Fans) => uniformWithin(Math.sqrt(3 / fanIn)),
  /** U(−1, 1) */
  uniform: () => uniformWithin(1),
  zeros: () => constant(0),
  ones: () => constant(1),
};

/** An initialiser by its name. @throws OptionError with the nearest known name */
export function initialiser(who: string, name: InitializerName, fans: Fans): Initial {
  return choose(who, "initializer", name, INITIALISERS)(fans);
}
