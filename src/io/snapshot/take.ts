import { checkKeys } from "../../check/options.js";
import { type Kind, take } from "../../check/schema.js";
import type { Place } from "../../compile/instruction.js";
import type { ModelState } from "../../model/state.js";
import type { Machine } from "../../runtime/machine.js";
import type { SavedProgress } from "../../train/progress.js";
import { type NewTensor, writeTensors } from "../safetensors/write.js";
import { type Attachments, plainOf } from "./attachments.js";
import { FORMAT, KEY, type SnapshotState } from "./state.js";
import { tensorName } from "./tensors.js";

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

/** Weights, slots, generator and how far training has come; and what is attached. @throws OptionError */
export function takeSnapshot(state: ModelState, options: SnapshotOptions = {}): Uint8Array<ArrayBuffer> {
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
    attachments: attachments && plainOf("snapshot: attachments", attachments),
    model: description,
  };
  return writeTensors("snapshot", tensorsOf(machine, placed), { [KEY]: JSON.stringify(saved) });
}

/** The numbers of parameters, and those of their slots. */
export const tensorsOf = (machine: Machine, placed: readonly Placed[]): NewTensor[] =>
  placed.flatMap(({ name, shape, places }) =>
    places.map((place, i): NewTensor => {
      const values = machine.floats(place, elementsOf({ shape }));
      return { name: tensorName(name, i), dtype: "F32", shape, values };
    }),
  );
