import { choose } from "../options.js";
import { fillUniform, Purpose, randomStream } from "../random.js";

/** Writes the first values of a parameter; node tells apart the parameters of one network. */
export type Initialise = (values: Float32Array, seed: number, node: number) => void;

/** Numbers of inputs and outputs of one unit of a layer. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** Uniform over [−limit, limit). */
const uniformWithin =
  (limit: number): Initialise =>
  (values, seed, node) =>
    fillUniform(values, -limit, limit, randomStream(seed, 0, node, Purpose.Initialisation));

const constant =
  (value: number): Initialise =>
  (values) => {
    values.fill(value);
  };

/** The initialisers that an option may name, each for the fans of its parameter. */
const INITIALISERS = {
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
} as const;

export type InitialiserName = keyof typeof INITIALISERS;

/** An initialiser by its name. @throws OptionError with the nearest known name */
export function initialiser(who: string, name: InitialiserName, fans: Fans): Initialise {
  return choose(who, "initialiser", name, INITIALISERS)(fans);
}
