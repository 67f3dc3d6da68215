/** What a snapshot says beside its numbers: one JSON text, read by this schema and by nothing else. See SNAPSHOT.md. */
import { SUM_SLOTS } from "../../../assembly/isa/limits.js";
import type { ModelDescription, Plain } from "../../model/description.js";
import type { Standing } from "../../train/progress.js";
import {
  anything,
  bool,
  checkFields,
  count,
  type Field,
  fieldOf,
  listOf,
  maybe,
  object,
  recordOf,
  string,
} from "../fields.js";
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

export interface SnapshotState extends Standing {
  readonly format: number;
  readonly kind: string;
  readonly optimizer: string;
  readonly seed: number;
  readonly rateFactor: number;
  readonly parameters: readonly SavedParameter[];
  /** Left out where there are none. */
  readonly attachments?: Attachments | undefined;
  /** Not in files of format 1. */
  readonly model?: ModelDescription | undefined;
}

/** The engine counts steps in 32 bits. */
const STEPS = 2 ** 32 - 1;

/** Sums of metrics may be what JSON has no number for; format 1 has null for it. */
const sum = /* @__PURE__ */ fieldOf<number>(
  'a finite number, "NaN", "Infinity" or "-Infinity"',
  (x) => Number.isFinite(x) || x === null || ["NaN", "Infinity", "-Infinity"].includes(x as string),
);

const PLAIN = anything as Field<Plain>;

const STATE: Field<SnapshotState> = /* @__PURE__ */ recordOf<SnapshotState>({
  format: /* @__PURE__ */ count(FORMAT, FORMAT),
  kind: /* @__PURE__ */ fieldOf('"snapshot"', (x) => x === "snapshot"),
  optimizer: string,
  seed: /* @__PURE__ */ count(),
  step: /* @__PURE__ */ count(0, STEPS),
  epochs: /* @__PURE__ */ count(0, STEPS),
  rateFactor: /* @__PURE__ */ fieldOf("a positive number", (x) => Number.isFinite(x) && (x as number) > 0),
  progress: /* @__PURE__ */ maybe(
    /* @__PURE__ */ recordOf({
      plan: /* @__PURE__ */ recordOf({
        batchSize: /* @__PURE__ */ count(),
        accumulate: /* @__PURE__ */ count(1),
        shuffle: bool,
        rows: /* @__PURE__ */ count(),
      }),
      epochs: /* @__PURE__ */ count(0, STEPS),
      rows: /* @__PURE__ */ count(),
      steps: /* @__PURE__ */ count(0, STEPS),
      rowsSeen: /* @__PURE__ */ count(),
      sums: /* @__PURE__ */ listOf(sum, 0, SUM_SLOTS),
    }),
  ),
  parameters: /* @__PURE__ */ listOf(
    /* @__PURE__ */ recordOf({
      name: string,
      slots: /* @__PURE__ */ count(0, STEPS),
      since: /* @__PURE__ */ count(0, STEPS),
    }),
  ),
  attachments: /* @__PURE__ */ maybe(object),
  model: /* @__PURE__ */ maybe(
    /* @__PURE__ */ recordOf<ModelDescription>({
      network: /* @__PURE__ */ recordOf({
        nodes: /* @__PURE__ */ listOf(
          /* @__PURE__ */ recordOf({
            kind: string,
            from: /* @__PURE__ */ listOf(/* @__PURE__ */ count()),
            given: PLAIN,
            options: PLAIN,
            isInert: /* @__PURE__ */ maybe(fieldOf<true>("true", (x) => x === true)),
          }),
        ),
        inputs: PLAIN,
        outputs: PLAIN,
      }),
      training: PLAIN,
      metrics: PLAIN,
    }),
  ),
});

/** Parsed JSON as the state that it is. @throws FormatError naming the field that is wrong */
export function checkState(who: string, given: unknown): SnapshotState {
  const state = checkFields(who, STATE, given);
  const { step, progress } = state;
  const most = (limit: number): Field<unknown> => count(0, limit);
  state.parameters.forEach(({ since }, i) => {
    checkFields(who, most(step), since, `parameters[${i}].since`);
  });
  if (progress === undefined) return state;
  const { plan, rows, steps, sums } = progress;
  // A stream does not say how many rows it has.
  if (plan.rows > 0) checkFields(who, most(plan.rows), rows, "progress.rows");
  checkFields(who, most(rows), steps, "progress.steps");
  const needed = rows === 0 ? 0 : SUM_SLOTS;
  checkFields(who, listOf(anything, needed, needed), sums, "progress.sums");
  return { ...state, progress: { ...progress, sums: sums.map((one) => (one === null ? Number.NaN : Number(one))) } };
}
