/**
 * The whole state of a training as bytes, the same in every runtime:
 *
 *     "wgss" | u32 format | u32 length of the header | u32 checksum | header: JSON as UTF-8, padded to 4 | f32 …
 *
 * All numbers are little-endian. The header says what the numbers behind it are, in order: for each parameter its
 * values, then those of its slots.
 */

import { FormatError } from "../check/errors.js";
import { flag } from "../check/kinds.js";
import { checkKeys, describe } from "../check/options.js";
import { type Kind, take } from "../check/schema.js";
import type { Place } from "../compile/instruction.js";
import { formatShape, type Shape } from "../graph/shape.js";
import type { Lease } from "../model/lease.js";
import type { ModelState } from "../model/state.js";
import type { Machine } from "../runtime/machine.js";
import type { Standing } from "../train/progress.js";
import { type Attachments, plainOf } from "./attachments.js";

const MAGIC = "wgss";
const FORMAT = 1;
const PREAMBLE_BYTES = 16;
/** Bytes behind the checksum are what it is of: FNV-1a, 32 bits at a time (Fowler, Noll & Vo 1991). */
function checksum(bytes: Uint8Array<ArrayBuffer>): number {
  let hash = 0x811c9dc5;
  for (const word of new Uint32Array(bytes.buffer, PREAMBLE_BYTES, (bytes.length - PREAMBLE_BYTES) >> 2)) {
    hash = Math.imul(hash ^ word, 0x01000193);
  }
  return hash >>> 0;
}

interface SavedParameter {
  readonly name: string;
  readonly shape: Shape;
  /** Slots that it has; 0 when it is frozen. */
  readonly slots: number;
  /** The step at which its training began. */
  readonly since: number;
}

export interface SnapshotOptions {
  /**
   * What belongs to the model besides its state, such as the encoders of its data: whatever JSON holds, and objects
   * with `toJSON`. `restore` gives it back.
   */
  readonly attachments?: Attachments;
}

/** What `restore` gives back. */
export interface Restored {
  /** What the snapshot was taken with; empty where nothing was. As JSON gives it. */
  readonly attachments: Attachments;
}

interface Header extends Standing {
  readonly optimizer: string;
  readonly seed: number;
  /** Not in snapshots of before there was one: 1. */
  readonly rateFactor?: number;
  readonly parameters: readonly SavedParameter[];
  /** Left out where there are none, as in snapshots from before there were any. */
  readonly attachments?: Attachments;
}

/** What lies where, for each parameter: its values, and its slots. */
function placesOf(state: ModelState, { program }: Machine): { saved: SavedParameter; places: Place[] }[] {
  return state.parameters.map((one) => {
    const place = program.parameters.get(one) as Place;
    const slots = program.trained.get(one)?.slots ?? [];
    return {
      saved: { name: one.name, shape: one.shape, slots: slots.length, since: state.programs.since(one) ?? 0 },
      places: [place, ...slots],
    };
  });
}

const byName: Kind<SnapshotOptions["attachments"]> = (who, name, given) => {
  if (given !== undefined) checkKeys(`${who}: ${name}`, given, Object.keys(given));
  return given;
};

/** Weights, slots, generator and how far training has come; and what is attached. @throws OptionError */
export function takeSnapshot(state: ModelState, options: SnapshotOptions = {}): Uint8Array<ArrayBuffer> {
  const machine = state.machine("snapshot");
  const { attachments } = take("snapshot", options, { attachments: byName });
  const placed = placesOf(state, machine);
  const { settings, standing, rateFactor } = state;
  const { step, epochs, progress } = standing;
  const header: Header = {
    optimizer: settings.optimizer.name,
    seed: settings.seed,
    step,
    epochs,
    rateFactor,
    progress,
    parameters: placed.map(({ saved }) => saved),
    ...(attachments && { attachments: plainOf("snapshot: attachments", attachments) as Attachments }),
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(text.length / 4) * 4;
  const numbers = placed.reduce((sum, { saved, places }) => sum + sizeOf(saved) * places.length, 0);
  const bytes = new Uint8Array(PREAMBLE_BYTES + headerBytes + numbers * 4);
  bytes.set(new TextEncoder().encode(MAGIC));
  const view = new DataView(bytes.buffer);
  view.setUint32(4, FORMAT, true);
  view.setUint32(8, headerBytes, true);
  bytes.fill(0x20, PREAMBLE_BYTES, PREAMBLE_BYTES + headerBytes);
  bytes.set(text, PREAMBLE_BYTES);
  const floats = new Float32Array(bytes.buffer, PREAMBLE_BYTES + headerBytes);
  let at = 0;
  for (const { saved, places } of placed) {
    for (const place of places) {
      floats.set(machine.floats(place, sizeOf(saved)), at);
      at += sizeOf(saved);
    }
  }
  view.setUint32(12, checksum(bytes), true);
  return bytes;
}

const sizeOf = ({ shape }: { readonly shape: Shape }) => shape.reduce((product, axis) => product * axis, 1);

/** What of a snapshot is restored. */
export interface RestoreOptions {
  /**
   * true: the parameters alone, into a model of the same network that may have another optimizer and seed, or no loss, as
   * one that only predicts; what its optimizer keeps stays. Default false.
   */
  readonly weightsOnly?: boolean;
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
  const { weightsOnly } = take("restore", options, { weightsOnly: flag(false) });
  const machine = state.machine("restore");
  state.access.check("restore", { lease });
  const { header, floats } = readSnapshot(given);
  if (weightsOnly) {
    restoreWeights(state, machine, header, floats);
    return { attachments: header.attachments ?? {} };
  }
  const placed = placesOf(state, machine);
  checkNetwork(
    header,
    placed.map(({ saved }) => saved),
  );
  checkTrainer(header, state.settings);
  // The program counts the steps of each parameter: it is made for those of the snapshot, which moves nothing.
  const since = new Map(state.parameters.map((one, i) => [one, header.parameters[i]?.since ?? 0]));
  state.setSince("restore", since);
  let at = 0;
  for (const { saved, places } of placesOf(state, machine)) {
    for (const place of places) {
      machine.write(place, floats.subarray(at, at + sizeOf(saved)));
      at += sizeOf(saved);
    }
  }
  state.rateFactor = header.rateFactor ?? 1;
  state.moveTo(header);
  return { attachments: header.attachments ?? {} };
}

/** @throws FormatError unless the model would go on as the snapshot's would have */
function checkTrainer(header: Header, { optimizer, seed }: ModelState["settings"]): void {
  if (header.optimizer !== optimizer.name) {
    throw new FormatError(
      `restore: the snapshot's optimizer is ${header.optimizer}, the model's ${optimizer.name}; needs the same.`,
    );
  }
  if (header.seed !== seed) {
    throw new FormatError(
      `restore: the snapshot's seed is ${header.seed}, the model's ${seed}; needs the same, ` +
        "so that training goes on as it would have. Compile the network with it.",
    );
  }
}

/** Sets the parameters to those of a snapshot; what the optimizer keeps, and how far training has come, stay. */
function restoreWeights(state: ModelState, machine: Machine, header: Header, floats: Float32Array): void {
  const slots = new Map(header.parameters.map((one) => [one.name, one.slots]));
  const placed = placesOf(state, machine);
  checkNetwork(
    header,
    placed.map(({ saved }) => ({ ...saved, slots: slots.get(saved.name) ?? 0 })),
  );
  let at = 0;
  placed.forEach(({ saved, places }) => {
    machine.write(places[0] as Place, floats.subarray(at, at + sizeOf(saved)));
    at += sizeOf(saved) * (1 + (slots.get(saved.name) ?? 0));
  });
}

function readSnapshot(given: Uint8Array | ArrayBuffer): { header: Header; floats: Float32Array } {
  const isBytes = given instanceof Uint8Array || given instanceof ArrayBuffer;
  if (!isBytes) throw new FormatError(`restore: got ${describe(given)}; needs the bytes of a snapshot.`);
  // A copy, so that the numbers are aligned wherever the bytes lie in their buffer.
  const bytes = new Uint8Array(given instanceof ArrayBuffer ? given.slice() : given);
  const view = new DataView(bytes.buffer);
  const magic = new TextDecoder().decode(bytes.subarray(0, MAGIC.length));
  if (magic !== MAGIC || bytes.length < PREAMBLE_BYTES) {
    throw new FormatError("restore: these bytes are no snapshot; needs what model.snapshot() gave, whole.");
  }
  const format = view.getUint32(4, true);
  if (format !== FORMAT) {
    throw new FormatError(`restore: the snapshot has format ${format}; this version reads ${FORMAT}.`);
  }
  const start = PREAMBLE_BYTES + view.getUint32(8, true);
  const cut = (needs: number) =>
    new FormatError(
      `restore: the snapshot is ${bytes.length < needs ? "cut short" : "too long"}: it has ${bytes.length} bytes; ` +
        `needs ${needs}. Read it whole, as bytes and not as text.`,
    );
  if (bytes.length < start) throw cut(start);
  let header: Header;
  let numbers: number;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(PREAMBLE_BYTES, start)));
    numbers = header.parameters.reduce((sum, one) => sum + sizeOf(one) * (1 + one.slots), 0);
    if (!Number.isSafeInteger(numbers)) throw new RangeError(`${numbers} numbers`);
  } catch (error) {
    throw new FormatError("restore: the snapshot's header cannot be read; the bytes were changed.", {
      cause: error,
    });
  }
  if (bytes.length !== start + numbers * 4) throw cut(start + numbers * 4);
  if (view.getUint32(12, true) !== checksum(bytes)) {
    throw new FormatError("restore: the snapshot's checksum is another; the bytes were changed.");
  }
  return { header, floats: new Float32Array(bytes.buffer, start) };
}

/** @throws FormatError naming the first differences between the parameters of a snapshot and of the model */
function checkNetwork({ parameters }: Header, own: readonly SavedParameter[]): void {
  const text = ({ shape, slots }: SavedParameter) => `${formatShape(shape)} with ${slots} slots`;
  const theirs = new Map(parameters.map((one) => [one.name, one]));
  const ours = new Map(own.map((one) => [one.name, one]));
  const differences = [
    ...own.flatMap((one) => {
      const other = theirs.get(one.name);
      if (other === undefined) return [`the snapshot has no ${one.name}`];
      return text(other) === text(one) ? [] : [`${one.name} is ${text(other)} there and ${text(one)} here`];
    }),
    ...parameters.flatMap(({ name }) => (ours.has(name) ? [] : [`the model has no ${name}`])),
  ];
  const order = own.findIndex((one, i) => parameters[i]?.name !== one.name);
  if (differences.length === 0 && order >= 0) differences.push(`parameter ${order} is another`);
  if (differences.length === 0) return;
  const sameShapes =
    parameters.length === own.length &&
    own.every(({ name, shape }, i) => {
      const other = parameters[i] as SavedParameter;
      return other.name === name && formatShape(other.shape) === formatShape(shape);
    });
  const what = sameShapes
    ? "was taken with another optimizer, or other layers frozen"
    : "is of another network";
  const shown = differences.slice(0, 3).join("; ");
  const more = differences.length > 3 ? `; and ${differences.length - 3} more` : "";
  throw new FormatError(
    `restore: the snapshot ${what}: ${shown}${more}. Compile the network that it was taken of, with ` +
      "the same layers frozen, a loss and the same optimizer.",
  );
}
