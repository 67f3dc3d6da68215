import { checkSurplus } from "../check/surplus.js";
import type { MetricKey, MetricOption } from "../metrics/engine/index.js";
import type { Network } from "../network/description.js";
import type { Ends } from "../network/ends.js";
import { loadEngine } from "../runtime/load.js";
import { createModel } from "./create.js";
import type { Model } from "./model.js";
import type { NamedEnds } from "./named.js";
import type { CompileOptions } from "./settings.js";

/**
 * Plans a network's memory, writes its program and binds both to a new engine.
 *
 * @throws OptionError for options that do not exist or lie outside their domain, ShapeError when loss, metrics and
 *   output do not fit each other, GradientError when a loss has no gradient path to a trained parameter,
 *   OutOfMemoryError when the plan exceeds `memoryLimit`, UnsupportedError where WebAssembly has no SIMD or may not be
 *   compiled, or what a rarer name stands for may not be imported
 */
export function compile<I extends Ends, O extends Ends, const M extends MetricOption = never>(
  network: Network<I, O>,
  options: CompileOptions<M, O> = {},
): Promise<Model<MetricKey<M>, O, NamedEnds<I>>> {
  checkSurplus("compile", arguments, 2);
  return createModel(network, options, loadEngine);
}
