/**
 * All of `wasmgrad` without the engine: `compile` takes it as an option, as where a bundler, a policy or a cache of
 * one's own brings WebAssembly in.
 *
 * ```js
 * import { compile } from "wasmgrad/core";
 * const model = await compile(network, { loss: "crossEntropy", engine: fetch("/core.wasm") });
 * ```
 *
 * @packageDocumentation
 */

import { OptionError } from "./check/errors.js";
import { checkSurplus } from "./check/surplus.js";
import type { MetricKey, MetricOption } from "./metrics/engine/index.js";
import { createModel } from "./model/create.js";
import type { Model } from "./model/model.js";
import type { NamedEnds } from "./model/named.js";
import type { CompileOptions } from "./model/settings.js";
import type { Network } from "./network/description.js";
import type { Ends } from "./network/ends.js";
import { moduleOfCode } from "./runtime/code.js";
import type { EngineLoader } from "./runtime/engine.js";
import { registeredCode } from "./runtime/registry.js";

export type { FamilyCode } from "./runtime/registry.js";
export * from "./surface.js";

/**
 * As `compile` of `wasmgrad`, with an engine that the caller brings: by the option `engine`, `wasmgrad/engine/core.wasm` or
 * `wasmgrad/engine/relaxed.wasm`, whose results depend on the processor, as a WebAssembly.Module, as bytes, or as a
 * Response, and further families by the option `families`; or by `import "wasmgrad/engine/core"` and of its families.
 *
 * @throws what `compile` of `wasmgrad` throws; OptionError for an engine that is missing or of another version
 */
export function compile<I extends Ends, O extends Ends, const M extends MetricOption = never>(
  network: Network<I, O>,
  options: CompileOptions<M, O>,
): Promise<Model<MetricKey<M>, O, NamedEnds<I>>> {
  checkSurplus("compile", arguments, 2);
  return createModel(network, options ?? {}, nothing);
}

/** Nothing is loaded: the caller gives the core, or registers it. */
const nothing: EngineLoader = {
  async core() {
    const code = registeredCode("core");
    if (code !== undefined) return moduleOfCode(code);
    throw new OptionError(
      "compile: there is no engine; needs the option engine: a WebAssembly.Module, bytes or a Response of " +
        "wasmgrad/engine/core.wasm. Import from wasmgrad instead of wasmgrad/core to have it built in.",
    );
  },
};
