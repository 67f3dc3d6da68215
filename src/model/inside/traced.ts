import type { Shape } from "../../graph/shape.js";
import type { Weight } from "../weights.js";

/** How `model.trace` writes its text. */
export interface TraceOptions {
  /** Digits behind the point; default 6. */
  readonly digits?: number;
  /** Rows of a tensor that are written at most, and columns of a row; default 8. */
  readonly most?: number;
  /** Whether the backward pass is written too; default true. */
  readonly backward?: boolean;
}

/** One use of a layer, as a step went through it. */
export interface TracedLayer {
  readonly name: string;
  /** `dense`, `activation`, … */
  readonly kind: string;
  /** Names of the layers that it is given. */
  readonly inputs: readonly string[];
  /** What it gives to its activation: weighted sums. Missing where it has no activation of its own. */
  readonly preActivation?: Weight;
  /** What it makes. */
  readonly output: Weight;
  /** The gradient of the loss by what it gives to its activation: δ of the textbooks. Missing where the loss does not depend on it. */
  readonly preActivationGradient?: Weight;
  /** The gradient of the loss by its output. Missing where the loss does not go through it: it may be worked from the logits. */
  readonly outputGradient?: Weight;
  /** Names of its parameters. */
  readonly parameters: readonly string[];
}

/** A parameter, before and after the update. */
export interface TracedParameter {
  readonly name: string;
  readonly shape: Shape;
  readonly before: Float32Array;
  /** Before clipping. Missing where there is none: it is frozen, or a running average. */
  readonly gradient?: Float32Array;
  readonly after: Float32Array;
}

/** One step of training. `String(trace)` is all of it as text. */
export interface Trace {
  /** Counted from 0 over the life of the model: the step that the next one will be. */
  readonly step: number;
  readonly rows: number;
  readonly loss: number;
  /** Norm of the whole gradient, before clipping. */
  readonly gradientNorm: number;
  readonly learningRate: number;
  /** Every use of every layer, inputs among them, in the order of computation. */
  readonly layers: readonly TracedLayer[];
  /** All parameters, as `weights()` orders them. */
  readonly parameters: readonly TracedParameter[];
  toString(): string;
}
