import { flag } from "../../check/kinds.js";
import { take } from "../../check/schema.js";
import type { Place } from "../../compile/instruction.js";
import type { Lease } from "../../model/lease.js";
import type { ModelState } from "../../model/state.js";
import type { Weights } from "../../model/weights.js";
import { type FileLimits, limitsOption } from "../safetensors/limits.js";
import type { Attachments } from "./attachments.js";
import { checkNetwork, checkTraining } from "./fits.js";
import { readSnapshot } from "./read.js";
import { placesOf } from "./take.js";
import { numbersOf, type SavedNumbers } from "./tensors.js";

/** What of a snapshot is restored. */
export interface RestoreOptions {
  /**
   * true: the parameters alone, into a model of the same network that may have another optimizer and seed, or no loss, as
   * one that only predicts; what its optimizer keeps stays. What only training looks at may differ: dropout, regularizers,
   * constraints, which layers are frozen. Default false.
   */
  readonly weightsOnly?: boolean;
  /**
   * true: training goes on by this model's loss, learning rate and other settings where they are not those of the snapshot,
   * with what the optimizer has kept so far; `learningRateFactor` stays as it is here. The optimizer must be of the same
   * kind. Default false: what would not go on to the same bits is refused.
   */
  readonly newSettings?: boolean;
  /** What the file may ask for at most: for files of strangers. */
  readonly limits?: FileLimits;
}

/** What `restore` gives back. */
export interface Restored {
  /** What the snapshot was taken with; empty where nothing was. As JSON gives it. */
  readonly attachments: Attachments;
}

/**
 * Puts a snapshot into a model of the same network; checks all of it before it changes anything.
 *
 * @param lease of the `fit` that goes back to it
 * @throws FormatError for bytes that are no snapshot or are cut short, or a snapshot of another network: what differs
 *   is named; BusyError while a `fit` runs whose lease it is not
 */
export function restoreSnapshot(
  state: ModelState,
  given: Uint8Array | ArrayBuffer,
  options: RestoreOptions = {},
  lease?: Lease,
): Restored {
  const who = "restore";
  const { weightsOnly, newSettings, limits } = take(who, options, {
    weightsOnly: flag(false),
    newSettings: flag(false),
    limits: limitsOption,
  });
  const machine = state.machine(who);
  state.access.check(who, { lease });
  const { state: saved, tensors } = readSnapshot(who, given, limits);
  const { callbacks = [] } = saved;
  const keeping = callbacks.flatMap(({ hasWeights }, i) => (hasWeights ? [i] : []));
  const found = numbersOf(who, saved.parameters, tensors, keeping);
  const { settings, description: model } = state;
  const here = {
    optimizer: settings.optimizer.name,
    seed: settings.seed,
    parameters: placesOf(state, machine),
    model: saved.model && model,
  };
  const both = [{ ...saved, parameters: found }, here] as const;
  checkNetwork(both);
  if (!weightsOnly) checkTraining(both, !!saved.progress?.rows, newSettings);
  putNumbers(who, state, found, !weightsOnly);
  if (!weightsOnly) {
    if (!newSettings) state.rateFactor = saved.rateFactor;
    state.moveTo(saved);
    const states = callbacks.map(({ name, values, hasWeights }, i) => ({
      ...{ name, values },
      ...(hasWeights && { weights: keptWeights(found, i) }),
    }));
    // Callbacks of a `fit` that goes back are where they were.
    if (lease === undefined) state.callbackStates = () => states;
  }
  return { attachments: saved.attachments ?? {} };
}

/** The weights that a callback kept, which lie in the copy of the file. */
const keptWeights = (found: readonly SavedNumbers[], i: number): Weights =>
  Object.fromEntries(
    found.map(({ name, shape, kept }) => [name, { shape, data: kept.get(i) as Float32Array }]),
  );

/** Writes parameters, and their slots where training is to go on. */
export function putNumbers(
  who: string,
  state: ModelState,
  found: readonly SavedNumbers[],
  withSlots: boolean,
): void {
  const byName = new Map(found.map((one) => [one.name, one]));
  if (withSlots) {
    // The program counts the steps of each parameter: it is made for those of the snapshot, which moves nothing.
    state.setSince(who, new Map(state.parameters.map((one) => [one, byName.get(one.name)?.since ?? 0])));
  }
  const machine = state.machine(who);
  for (const { name, places } of placesOf(state, machine)) {
    const numbers = byName.get(name)?.numbers ?? [];
    numbers.slice(0, withSlots ? places.length : 1).forEach((values, slot) => {
      machine.write(places[slot] as Place, values);
    });
  }
}
