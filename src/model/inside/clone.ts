import { later } from "../../check/kinds.js";
import { take } from "../../check/schema.js";
import { parameterElements } from "../../compile/graphs.js";
import type { Place } from "../../compile/instruction.js";
import type { Parameter } from "../../graph/primitives/step/source.js";
import { placesOf } from "../../io/snapshot/take.js";
import { training } from "../../train/late.js";
import type { WebWorker } from "../../worker/spawn.js";
import { openPort } from "../openPort.js";
import { ModelState, whenPlanned } from "../state.js";

/** How `model.clone` is asked. */
export interface CloneOptions {
  /** Where the engine of the copy is, as `compile` has it; default in this thread, wherever the model's own is. */
  readonly worker?: boolean | (() => WebWorker);
}

/** See Model.clone. */
export async function clone(state: ModelState, options: CloneOptions = {}): Promise<ModelState> {
  const who = "clone";
  const { worker } = take(who, options, { worker: later<CloneOptions["worker"]>() });
  state.machine(who);
  const { settings, modules } = state;
  const port = await openPort(who, modules.core, worker);
  try {
    const copy = await whenPlanned(who, () => new ModelState(port, modules, settings, training.loaded));
    // Its families first: it can answer at once then, and all is copied as of one step.
    await copy.machine(who).link();
    await whenPlanned(who, () => copyTraining(state, copy));
    return copy;
  } catch (error) {
    port.dispose();
    throw error;
  }
}

/** What is frozen, all numbers, and how far training has come: at once, as of one step. */
function copyTraining(from: ModelState, to: ModelState): void {
  const who = "clone";
  const frozen = from.parameters.filter((one) => !from.isTrained(one));
  if (frozen.some(to.isTrained) || frozen.length < to.parameters.filter((one) => !to.isTrained(one)).length) {
    to.setFrozen(who, new Set(frozen));
  }
  to.setSince(who, new Map(from.parameters.map((one) => [one, from.programs.since(one) ?? 0])));
  const source = from.machine(who);
  const target = to.machine(who);
  const targets = placesOf(to, target);
  placesOf(from, source).forEach(({ places }, i) => {
    const count = parameterElements(from.parameters[i] as Parameter);
    places.forEach((place, slot) => {
      target.write(targets[i]?.places[slot] as Place, source.floats(place, count));
    });
  });
  to.rateFactor = from.rateFactor;
  to.moveTo(from.standing);
}
