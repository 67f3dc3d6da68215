/**
 * Automatic differentiation without layers: any function of values as a compiled program, and the proof of gradients.
 *
 * Functions are written with `wasmgrad/ops`.
 *
 * @packageDocumentation
 */
export {
  type CompiledFunction,
  compileFunction,
  type FunctionOptions,
  type FunctionResult,
} from "./compileFunction.js";
export {
  type CheckOptions,
  type FunctionCheckOptions,
  gradientCheck,
  type NetworkCheckOptions,
} from "./gradientCheck.js";
export type { CheckedElement, CheckedParameter, GradientCheck } from "./report.js";
export type {
  GradientInputs,
  Gradients,
  InputNumbers,
  InputShapes,
  InputValues,
  OutputName,
  OutputNumbers,
  OutputValues,
  Seeds,
} from "./types.js";
