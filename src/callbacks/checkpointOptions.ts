/** What `checkpoint` takes. */
import { type CheckpointError, OptionError } from "../check/errors.js";
import { flag, functionOf, integer, notNegative, optional, text } from "../check/kinds.js";
import { describe } from "../check/options.js";
import { type Kind, take } from "../check/schema.js";
import type { Store } from "../io/stores/store.js";
import { type Every, intervalOption } from "./interval.js";
import { type Mode, modeOption } from "./monitor.js";

/** A snapshot, and where it was taken. */
export interface Checkpoint {
  /** Epochs that were done, counted from 1; 0 in the first. */
  readonly epoch: number;
  /** Step over the life of the model. */
  readonly step: number;
  /** What was monitored, if anything was. */
  readonly value: number | undefined;
  /** Whether it was the best so far. */
  readonly isBest: boolean;
  /** Its name in the store, if there is one. */
  readonly file?: string;
  /** For `model.restore`. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface CheckpointOptions {
  /** Path of a number in the reports, by which the best is known; default none. */
  readonly monitor?: string;
  /** Default "auto". */
  readonly mode?: Mode;
  /** A change of no more than this makes no new best; default 0. */
  readonly minDelta?: number;
  /** Takes no snapshot of an epoch that is not the best so far; default false. Needs `monitor`. */
  readonly saveBestOnly?: boolean;
  /**
   * From one snapshot to the next: `{ steps: 500 }`, `{ seconds: 60 }`, `{ epochs: 2 }`, or "epoch" or a number of epochs; default
   * each epoch. Those by steps and seconds are taken in the midst of an epoch. A new best is always taken, after its epoch.
   */
  readonly every?: Every;
  /** How many stay, beside the best: in memory, default 1, or in the store, default 2. */
  readonly keep?: number;
  /**
   * Where they are put, as `fileStore("checkpoints")` of wasmgrad/io: `readCheckpoint(store)` finds them there. In memory none
   * stays. One is put there when training ends, too, and when the page is hidden. Default none.
   */
  readonly store?: Store;
  /** What those in the store are called; default `checkpoint`. Trainings at the same time need names of their own. */
  readonly name?: string;
  /**
   * When the store fails: "stop" ends training with the CheckpointError, "continue" goes on, and `failure` tells; a function is
   * given the error, and training goes on unless it answers "stop". Default "stop".
   */
  readonly onFailure?: "stop" | "continue" | ((error: CheckpointError) => unknown);
  /** Called, and awaited, with each snapshot, behind the store: to put its bytes elsewhere. */
  readonly onSave?: (checkpoint: Checkpoint) => unknown;
}

const storeOption: Kind<Store | undefined> = (who, name, given) => {
  const methods = ["read", "write", "list", "delete"] as const;
  if (given === undefined || methods.every((one) => typeof Object(given)[one] === "function")) return given;
  const mend = typeof given === "string" ? ` Give fileStore(${describe(given)}) of wasmgrad/io.` : "";
  throw new OptionError(
    `${who}: ${name} is ${describe(given)}; needs a store, with read, write, list and delete.${mend}`,
  );
};

const failureOption: Kind<NonNullable<CheckpointOptions["onFailure"]>, CheckpointOptions["onFailure"]> = (
  who,
  name,
  given = "stop",
) => {
  if (given === "stop" || given === "continue" || typeof given === "function") return given;
  throw new OptionError(`${who}: ${name} is ${describe(given)}; needs "stop", "continue" or a function.`);
};

export type CheckpointSettings = ReturnType<typeof settle>;

export function settle(options: CheckpointOptions) {
  const who = "checkpoint";
  const settled = take(who, options, {
    monitor: optional(text()),
    mode: modeOption(),
    minDelta: notNegative(0),
    saveBestOnly: flag(false),
    every: intervalOption,
    keep: optional(integer(1)),
    store: storeOption,
    name: optional(text()),
    onFailure: failureOption,
    onSave: optional(functionOf<(checkpoint: Checkpoint) => unknown>()),
  });
  const { monitor, saveBestOnly, store, name } = settled;
  if (saveBestOnly && monitor === undefined) {
    throw new OptionError(
      `${who}: saveBestOnly is true, and there is no monitor; needs one, as "validation.loss".`,
    );
  }
  const ofStore = ["name", "onFailure"].find(
    (key) => (options as Record<string, unknown>)[key] !== undefined,
  );
  if (store === undefined && ofStore !== undefined) {
    throw new OptionError(`${who}: ${ofStore} is given, and no store; needs one, or leave ${ofStore} out.`);
  }
  if (name !== undefined && !/^\w[\w.-]{0,99}$/.test(name)) {
    throw new OptionError(
      `${who}: name is ${describe(name)}; needs at most 100 letters, digits, "_", "-" and ".", the first no "-" or ".".`,
    );
  }
  return settled;
}
