import { recomputation } from "../compile/recompute/late.js";
import { withParts } from "../late.js";
import type { MetricKey, MetricOption } from "../metrics/engine/index.js";
import type { Network } from "../network/description.js";
import type { Ends } from "../network/ends.js";
import type { EngineLoader } from "../runtime/engine.js";
import { modulesFor } from "../runtime/module.js";
import { training } from "../train/late.js";
import { hasLoss } from "../train/scoring/outputs.js";
import { initialize } from "./initialize.js";
import { Model } from "./model.js";
import type { NamedEnds } from "./named.js";
import { openPort } from "./openPort.js";
import { importNames } from "./rareNames.js";
import { type CompileOptions, toSettings } from "./settings.js";
import { ModelState, whenPlanned } from "./state.js";

/** What `compile` does, wherever the engine comes from. */
export async function createModel<I extends Ends, O extends Ends, const M extends MetricOption>(
  network: Network<I, O>,
  options: CompileOptions<M, O>,
  load: EngineLoader,
): Promise<Model<MetricKey<M>, O, NamedEnds<I>>> {
  const rare = importNames(options);
  const names = rare && (await rare);
  const settings = await withParts("compile", () =>
    toSettings(network, options as CompileOptions<MetricOption, Ends>, names),
  );
  const [modules, compiler] = await Promise.all([
    modulesFor("compile", options, load),
    hasLoss(settings) ? training.load("compile") : undefined,
  ]);
  // Where it cannot be loaded, whoever needs it says so: freeze and restore cannot wait for it.
  if (options.memoryLimit !== undefined) await recomputation.load("compile").catch(() => undefined);
  const port = await openPort("compile", modules.core, options.worker);
  try {
    const state = await whenPlanned("compile", () => new ModelState(port, modules, settings, compiler));
    await initialize(state.machine("compile"), state.parameters);
    return new Model<MetricKey<M>, O, NamedEnds<I>>(state);
  } catch (error) {
    // There is no model that could be disposed: its worker would live on.
    port.dispose();
    throw error;
  }
}
