/** What a snapshot says beside its numbers: one JSON text, read by this schema and by nothing else. See SNAPSHOT.md. */
import { SUM_SLOTS } from "../../../assembly/isa/limits.js";
import { FormatError } from "../../check/errors.js";
import type { ModelDescription } from "../../model/description.js";
import type { Standing } from "../../train/progress.js";
import { checkRule, type Rule } from "../rules.js";
import type { FileTensor } from "../safetensors/read.js";
import type { Attachments } from "./attachments.js";

/** The key of `__metadata__`, by which a snapshot is told from other files. */
export const KEY = "wasmgrad";
export const FORMAT = 2;

/** A parameter of the model, whose numbers and those of its slots are tensors of the file. */
export interface SavedParameter {
  readonly name: string;
  /** Slots that it has; 0 when it is frozen. */
  readonly slots: number;
  /** The step at which its training began. */
  readonly since: number;
}

/** What a callback of the training goes on with. */
export interface SavedCallbackState {
  readonly name: string;
  /** Whatever JSON holds, by name. */
  readonly values: { readonly [name: string]: unknown };
  /** Whether there are tensors of the weights that it keeps. */
  readonly hasWeights: boolean;
}

export interface SnapshotState extends Standing {
  readonly format: number;
  readonly kind: string;
  readonly optimizer: string;
  readonly seed: number;
  readonly rateFactor: number;
  readonly parameters: readonly SavedParameter[];
  /** Left out where none has a state. */
  readonly callbacks?: readonly SavedCallbackState[] | undefined;
  /** Left out where there are none. */
  readonly attachments?: Attachments | undefined;
  /** What its model was, by parts and facts; not in files of format 1. */
  readonly model?: ModelDescription | undefined;
}

/** A file of any format, read. */
export interface Snapshot {
  readonly state: SnapshotState;
  readonly tensors: readonly FileTensor[];
}

const SIZE = "an integer from 0 to 2^53 - 1";
/** As the engine counts steps. */
const STEP = "an integer from 0 to 2^32 - 1";
/** Facts are compared and nothing else. */
const FACTS: Rule = { "*": "a string, a number, true, false or null" };

export const PARAMETERS: Rule = [{ name: "a string", slots: STEP, since: STEP }, 0, 65_536];

export const PROGRESS: Rule = {
  plan: { batchSize: SIZE, accumulate: SIZE, shuffle: "true or false", rows: SIZE },
  epochs: STEP,
  rows: SIZE,
  steps: STEP,
  rowsSeen: SIZE,
  // JSON has no number for what a metric may be; format 1 has null for it.
  sums: ['a finite number, "NaN", "Infinity" or "-Infinity"', 0, SUM_SLOTS],
};

const STATE: Rule = {
  format: SIZE,
  kind: "a string",
  optimizer: "a string",
  seed: SIZE,
  step: STEP,
  epochs: STEP,
  rateFactor: "a positive number",
  "progress?": PROGRESS,
  parameters: PARAMETERS,
  "callbacks?": [{ name: "a string", values: { "*": "anything" }, hasWeights: "true or false" }, 0, 1024],
  "attachments?": { "*": "anything" },
  "model?": { version: SIZE, network: FACTS, training: FACTS, metrics: FACTS },
};

/** Parsed JSON as the state that it is. @throws FormatError naming the field that is wrong */
export function checkState(who: string, given: unknown): SnapshotState {
  checkRule(who, STATE, given);
  return checkStanding(who, given as SnapshotState, (given as SnapshotState).parameters);
}

/** How far training has come, with its sums as numbers. @throws FormatError for counts that do not fit each other */
export function checkStanding<T extends Standing>(
  who: string,
  state: T,
  parameters: readonly SavedParameter[],
  at = "",
): T {
  const { step, progress } = state;
  const atMost = (name: string, value: number, most: number) => {
    if (value > most) throw new FormatError(`${who}: ${name} is ${value}; needs at most ${most}.`);
  };
  parameters.forEach(({ since }, i) => {
    atMost(`parameters[${i}].since`, since, step);
  });
  if (progress === undefined) return state;
  const { plan, rows, steps, sums } = progress;
  // A stream does not say how many rows it has.
  if (plan.rows > 0) atMost(`${at}progress.rows`, rows, plan.rows);
  atMost(`${at}progress.steps`, steps, rows);
  const needed = rows === 0 ? 0 : SUM_SLOTS;
  checkRule(who, ["anything", needed, needed], sums, `${at}progress.sums`);
  return {
    ...state,
    progress: { ...progress, sums: sums.map((one) => (one === null ? Number.NaN : Number(one))) },
  };
}
