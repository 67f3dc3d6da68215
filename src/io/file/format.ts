/** What a model file says beside its numbers: one JSON text, read by this schema. See MODELFILE.md. */
import { FormatError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { NETWORK } from "../network/read.js";
import type { SavedNetwork } from "../network/write.js";
import { checkRule, type Rule } from "../rules.js";
import type { FileTensor } from "../safetensors/read.js";
import { checkStanding, PARAMETERS, PROGRESS, type SnapshotState } from "../snapshot/state.js";
import type { SavedTraining } from "./training.js";

export const FORMAT = 1;
/** With long lists of encoders as tensors. */
export const FORMAT_WITH_LISTS = 2;
/** Of the package, in what it writes. */
export const VERSION = "0.1.0";

/** How far training has come, and what it goes on from. */
export type SavedStanding = Pick<SnapshotState, "step" | "epochs" | "rateFactor" | "progress">;

export interface ModelFile {
  readonly kind: "model";
  readonly format: number;
  /** What wrote it: `wasmgrad 0.1.0`. */
  readonly madeBy: string;
  readonly network: SavedNetwork;
  readonly training: SavedTraining;
  readonly parameters: SnapshotState["parameters"];
  /** Parameters that training leaves as they are. */
  readonly frozen: readonly string[];
  /** There where the file has what the optimizer keeps. */
  readonly standing?: SavedStanding;
  /** Of the one input that goes without a name, under "", or of inputs by name: what `toJSON` of an encoder gives. */
  readonly encoders?: { readonly [input: string]: unknown };
  /** Of outputs likewise: what `toJSON` of a labelEncoder gives. */
  readonly labels?: { readonly [output: string]: unknown };
  readonly metadata?: { readonly [name: string]: unknown };
}

const SIZE = "an integer from 0 to 2^53 - 1";
const ANY: Rule = { "*": "anything" };
const NOT_NEGATIVE = "a number of at least 0";

const MODEL: Rule = {
  kind: "a string",
  format: SIZE,
  madeBy: "a string",
  network: NETWORK,
  training: {
    outputs: [
      {
        name: "a string",
        "loss?": "anything",
        weight: NOT_NEGATIVE,
        metrics: ["anything", 0, 1024],
      },
      1,
      65_536,
    ],
    optimizer: "anything",
    clipping: { norm: NOT_NEGATIVE, value: NOT_NEGATIVE, parameterNorm: NOT_NEGATIVE },
    seed: SIZE,
    batchSize: SIZE,
  },
  parameters: PARAMETERS,
  frozen: ["a string", 0, 65_536],
  "standing?": {
    step: "an integer from 0 to 2^32 - 1",
    epochs: "an integer from 0 to 2^32 - 1",
    rateFactor: "a positive number",
    "progress?": PROGRESS,
  },
  "encoders?": ANY,
  "labels?": ANY,
  "metadata?": ANY,
};

/** Parsed JSON as the model file that it is. @throws FormatError naming the field that is wrong */
export function checkModel(who: string, given: unknown): ModelFile {
  checkRule(who, MODEL, given);
  const { standing, ...file } = given as ModelFile;
  if (standing === undefined) return file;
  return { ...file, standing: checkStanding(who, standing, file.parameters, "standing.") };
}

/**
 * @param own the parameters of the network that the file describes
 * @throws FormatError with what differs from the tensors
 */
export function checkParameters(
  who: string,
  own: readonly { readonly name: string; readonly shape: readonly number[] }[],
  { parameters }: ModelFile,
  tensors: readonly FileTensor[],
): void {
  const shown = (shape: readonly number[] | undefined) => (shape ? `[${shape.join(", ")}]` : "missing");
  const listed = new Set(parameters.map(({ name }) => name));
  const shapes = new Map(tensors.map(({ name, shape }) => [name, shape]));
  const here = new Map(own.map(({ name, shape }) => [name, shape]));
  const odd = [...new Set([...here.keys(), ...listed])].filter(
    (name) => !listed.has(name) || shown(shapes.get(name)) !== shown(here.get(name)),
  );
  if (odd.length === 0) return;
  const MOST = 8;
  const lines = odd
    .slice(0, MOST)
    .map(
      (name) =>
        `${describe(name)} is ${listed.has(name) ? shown(shapes.get(name)) : "missing"} as a tensor, ${shown(here.get(name))} by the network`,
    );
  const more = odd.length > MOST ? `; and ${odd.length - MOST} more` : "";
  throw new FormatError(
    `${who}: the weights do not fit the network of the file: ${lines.join("; ")}${more}.`,
  );
}
