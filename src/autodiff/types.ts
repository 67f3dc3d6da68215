/** Types of what is traced: the names of inputs and outputs are known to whoever calls a compiled function. */

import type { Shape } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import type { Numbers } from "../ops/constant.js";

/** Shape of the one input of a function, or of each of several by its name. */
export type InputShapes = Shape | { readonly [name: string]: Shape };

/** What a traced function is given: a value, or one for each input by its name. */
export type InputValues<I extends InputShapes> = I extends Shape ? Value : { readonly [K in keyof I]: Value };

/** What a traced function returns: a value, or several by name. */
export type OutputValues = Value | { readonly [name: string]: Value };

/** Numbers for the one input, or for each by its name: typed arrays row-major, or nested arrays. */
export type InputNumbers<I extends InputShapes> = I extends Shape
  ? Numbers
  : { readonly [K in keyof I]: Numbers };

/** The numbers of the one output, row-major, or those of each by its name. */
export type OutputNumbers<O extends OutputValues> = O extends Value
  ? Float32Array
  : { readonly [K in keyof O]: Float32Array };

/** A seed for the one output, or for each that is differentiated by its name. */
export type Seeds<O extends OutputValues> = O extends Value ? Numbers : { readonly [K in keyof O]?: Numbers };

/** By which inputs a function is differentiated: by all (`true`), or by those that are named. */
export type GradientInputs<I extends InputShapes> = true | (I extends Shape ? never : readonly (keyof I)[]);

/** The gradient by the one input, or by each that was asked for by its name. */
export type Gradients<I extends InputShapes, G> = I extends Shape
  ? Float32Array
  : { readonly [K in G extends readonly (infer N)[] ? N & keyof I : keyof I]: Float32Array };

/** The name of an output, where outputs have names. */
export type OutputName<O extends OutputValues> = O extends Value ? never : keyof O & string;
