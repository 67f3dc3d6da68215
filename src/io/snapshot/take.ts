import { OptionError } from "../../check/errors.js";
import { checkKeys, describe } from "../../check/options.js";
import { type Kind, take } from "../../check/schema.js";
import type { Place } from "../../compile/instruction.js";
import type { SavedCallback } from "../../model/callbackState.js";
import type { ModelState } from "../../model/state.js";
import type { Weight, Weights } from "../../model/weights.js";
import type { Machine } from "../../runtime/machine.js";
import type { SavedProgress } from "../../train/progress.js";
import { type NewTensor, writeTensors } from "../safetensors/write.js";
import { type Attachments, plainOf } from "./attachments.js";
import { FORMAT, KEY, type SnapshotState } from "./state.js";
import { keptName, tensorName } from "./tensors.js";

export interface SnapshotOptions {
  /**
   * What belongs to the model besides its state, such as the encoders of its data: whatever JSON holds, and objects
   * with `toJSON`. `restore` gives it back.
   */
  readonly attachments?: Attachments;
}

/** A parameter of the loaded program: where its values and its slots lie. */
export interface Placed {
  readonly name: string;
  readonly shape: readonly number[];
  readonly slots: number;
  readonly since: number;
  readonly places: readonly Place[];
}

export function placesOf(state: ModelState, { program }: Machine): Placed[] {
  return state.parameters.map((one) => {
    const { name, shape } = one;
    const slots = program.trained.get(one)?.slots ?? [];
    const since = state.programs.since(one) ?? 0;
    return {
      name,
      shape,
      slots: slots.length,
      since,
      places: [program.parameters.get(one) as Place, ...slots],
    };
  });
}

/** Elements of a parameter. */
export const elementsOf = ({ shape }: Pick<Placed, "shape">): number => shape.reduce((a, b) => a * b, 1);

const byName: Kind<SnapshotOptions["attachments"]> = (who, name, given) => {
  if (given !== undefined) checkKeys(`${who}: ${name}`, given, Object.keys(given ?? {}));
  return given;
};

/** JSON has no number for what is not finite. */
export const savedProgress = (progress: SavedProgress | undefined) =>
  progress && { ...progress, sums: progress.sums.map((one) => (Number.isFinite(one) ? one : `${one}`)) };

/**
 * Weights, slots, generator and how far training has come, its callbacks too; and what is attached.
 *
 * @throws OptionError
 */
export function takeSnapshot(
  state: ModelState,
  options: SnapshotOptions = {},
  callbacks: readonly SavedCallback[] = state.callbackStates(),
): Uint8Array<ArrayBuffer> {
  const machine = state.machine("snapshot");
  const { attachments } = take("snapshot", options, { attachments: byName });
  const placed = placesOf(state, machine);
  const { settings, standing, rateFactor, description } = state;
  const { step, epochs, progress } = standing;
  const saved: { [K in keyof SnapshotState]: unknown } = {
    format: FORMAT,
    kind: "snapshot",
    optimizer: settings.optimizer.name,
    seed: settings.seed,
    step,
    epochs,
    rateFactor,
    progress: savedProgress(progress),
    parameters: placed.map(({ name, slots, since }) => ({ name, slots, since })),
    callbacks: callbacks.length === 0 ? undefined : callbacks.map(savedCallback),
    attachments: attachments && plainOf("snapshot: attachments", attachments),
    model: description,
  };
  const tensors = [
    ...tensorsOf(machine, placed),
    ...callbacks.flatMap(({ name, weights }, i) =>
      weights === undefined ? [] : placed.map((one) => keptTensor(one, i, { name, weights })),
    ),
  ];
  return writeTensors("snapshot", tensors, { [KEY]: JSON.stringify(saved) });
}

const savedCallback = ({ name, values, weights }: SavedCallback) => ({
  name,
  values: plainOf(`snapshot: values of callback ${describe(name)}`, values),
  hasWeights: weights !== undefined,
});

/** @throws OptionError unless the callback keeps all weights */
function keptTensor(
  { name, shape }: Placed,
  i: number,
  callback: { readonly name: string; readonly weights: Weights },
): NewTensor {
  const { data: values } = Object(callback.weights[name]) as Partial<Weight>;
  if (values instanceof Float32Array && values.length === elementsOf({ shape })) {
    return { name: keptName(name, i), dtype: "F32", shape, values };
  }
  throw new OptionError(
    `snapshot: weights of callback ${describe(callback.name)}: ${name} is ${describe(values)}; needs ` +
      `${elementsOf({ shape })} numbers, as training.weights() gives.`,
  );
}

/** The numbers of parameters, and those of their slots. */
export const tensorsOf = (machine: Machine, placed: readonly Placed[]): NewTensor[] =>
  placed.flatMap(({ name, shape, places }) =>
    places.map((place, i): NewTensor => {
      const values = machine.floats(place, elementsOf({ shape }));
      return { name: tensorName(name, i), dtype: "F32", shape, values };
    }),
  );
