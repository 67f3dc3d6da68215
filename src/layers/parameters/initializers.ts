import { OptionError } from "../../check/errors.js";
import { checkName, choose } from "../../check/options.js";
import type { Configured, Kind } from "../../check/schema.js";
import type { Initial } from "../../graph/primitives/step/source.js";
import { formatShape, type Shape } from "../../graph/shape.js";
import { Late } from "../../late.js";

/** Numbers of inputs and outputs of one unit of a layer. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/**
 * The fans of a kernel [in, out], or [height, width, in, out], of which each output sees height · width places of each
 * input, and each input is seen from as many of each output. A vector counts as one input to so many outputs.
 */
export function fansOf(shape: Shape): Fans {
  const [fanIn, fanOut] = shape.length < 2 ? [1, shape[0] ?? 1] : (shape.slice(-2) as [number, number]);
  const field = shape.slice(0, -2).reduce((product, axis) => product * axis, 1);
  return { fanIn: field * fanIn, fanOut: field * fanOut };
}

export const constantly = (value: number): Initial => ({ low: value, high: value });
export const uniformWithin = (limit: number): Initial => ({ low: -limit, high: limit });
export const normalOf = (deviation: number): Initial => ({ mean: 0, deviation, limit: 0 });

/** Truncated normal distributions end here: in deviations. */
const LIMIT = 2;
export const truncated = (mean: number, deviation: number): Initial => ({ mean, deviation, limit: LIMIT });

/**
 * - `glorotUniform`: U(±√(6 / (fanIn + fanOut))), which keeps the variance of tanh and sigmoid layers
 * - `glorotNormal`: N(0, 2 / (fanIn + fanOut))
 * - `heUniform`: U(±√(6 / fanIn)), which keeps the variance of ReLU layers
 * - `heNormal`: N(0, 2 / fanIn)
 * - `lecunUniform`: U(±√(3 / fanIn)), of variance 1 / fanIn
 * - `lecunNormal`: N(0, 1 / fanIn), which selu needs
 * - `uniform`: U(−1, 1)
 * - `normal`: N(0, 1)
 * - `truncatedNormal`: N(0, 1), drawn again beyond ±2
 * - `orthogonal`: orthonormal rows, or columns
 * - `identity`: 1 on the diagonal, else 0
 * - `zeros`, `ones`
 *
 * Normal ones are as in PyTorch: not truncated, of deviation 1 where none follows from the fans. In Keras those of
 * Glorot, He and LeCun are truncated, which `varianceScaling` does, and `normal` and `truncatedNormal` have the
 * deviation 0.05, `uniform` the bounds ±0.05.
 */
export type InitializerName =
  | "glorotUniform"
  | "glorotNormal"
  | "heUniform"
  | "heNormal"
  | "lecunUniform"
  | "lecunNormal"
  | "uniform"
  | "normal"
  | "truncatedNormal"
  | "orthogonal"
  | "identity"
  | "zeros"
  | "ones";

/** An initializer with its options: what `orthogonal({ gain: 2 })` makes, for the options of layers. */
export interface Initializer extends Configured {
  readonly name: string;
  /** @internal */
  initial(who: string, fans: Fans, shape: Shape): Initial;
}

/** The initializers that an option may name, each for the fans and the shape of its parameter. */
const INITIALIZERS: Readonly<Record<InitializerName, Initializer["initial"]>> = {
  /** U(±√(6 / (fanIn + fanOut))): keeps the variance of tanh and sigmoid layers (Glorot & Bengio 2010, eq. 16). */
  glorotUniform: (_, { fanIn, fanOut }) => uniformWithin(Math.sqrt(6 / (fanIn + fanOut))),
  /** N(0, 2 / (fanIn + fanOut)) (Glorot & Bengio 2010, eq. 12). */
  glorotNormal: (_, { fanIn, fanOut }) => normalOf(Math.sqrt(2 / (fanIn + fanOut))),
  /** U(±√(6 / fanIn)): keeps the variance of ReLU layers (He et al. 2015, eq. 10). */
  heUniform: (_, { fanIn }) => uniformWithin(Math.sqrt(6 / fanIn)),
  /** N(0, 2 / fanIn) (He et al. 2015, eq. 10). */
  heNormal: (_, { fanIn }) => normalOf(Math.sqrt(2 / fanIn)),
  /** U(±√(3 / fanIn)): variance 1 / fanIn (LeCun et al. 1998, §4.6). */
  lecunUniform: (_, { fanIn }) => uniformWithin(Math.sqrt(3 / fanIn)),
  /** N(0, 1 / fanIn) (LeCun et al. 1998, eq. 16; Klambauer et al. 2017). */
  lecunNormal: (_, { fanIn }) => normalOf(Math.sqrt(1 / fanIn)),
  /** U(−1, 1) */
  uniform: () => uniformWithin(1),
  normal: () => normalOf(1),
  truncatedNormal: () => truncated(0, 1),
  orthogonal: (who, _, shape) => orthogonalOf(who, 1, shape),
  identity: (who, _, shape) => identityOf(who, 1, shape),
  zeros: () => constantly(0),
  ones: () => constantly(1),
};

/** For parameters that start orthogonal. */
export const orthogonality = new Late("orthogonality", () => import("./orthogonal.js"));

export function orthogonalOf(who: string, gain: number, shape: Shape): Initial {
  if (shape.length < 2) {
    throw new OptionError(
      `${who}: orthogonal is for kernels of two axes or more; got ${formatShape(shape)}.`,
    );
  }
  const finish = async (drawn: Float32Array) => {
    const { orthogonalised } = await orthogonality.load("compile");
    return orthogonalised(drawn, shape.at(-1) as number, gain);
  };
  return { ...normalOf(1), finish };
}

export function identityOf(who: string, gain: number, shape: Shape): Initial {
  const [, columns] = shape;
  if (shape.length !== 2 || columns === undefined) {
    throw new OptionError(`${who}: identity is for kernels of two axes; got ${formatShape(shape)}.`);
  }
  const finish = (drawn: Float32Array) =>
    drawn.map((_, i) => (Math.floor(i / columns) === i % columns ? gain : 0));
  return { ...constantly(0), finish };
}

/** An initializer by its name, or as configured. */
export type InitializerOption = InitializerName | Initializer;

const isInitializer = (given: unknown): given is Initializer =>
  typeof given === "object" && given !== null && "initial" in given && typeof given.initial === "function";

/** The kind of options that are initializers; what it is called in errors is the parameter's affair. */
export const initializerOption =
  (fallback: InitializerOption): Kind<InitializerOption, InitializerOption | undefined> =>
  (who, _, given = fallback) => {
    if (!isInitializer(given)) checkName(who, "initializer", given, Object.keys(INITIALIZERS));
    return given;
  };

/** How a parameter of that shape, by default a vector, starts. @throws OptionError for an unknown name, or a shape that does not fit */
export function initialOf(
  who: string,
  given: InitializerOption,
  fans: Fans,
  shape: Shape = [fans.fanOut],
): Initial {
  if (isInitializer(given)) return given.initial(who, fans, shape);
  return choose(who, "initializer", given, INITIALIZERS)(who, fans, shape);
}
