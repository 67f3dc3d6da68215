/** Whether a snapshot is of the network that it is to be put into, and of the training that is to go on. */
import { FormatError } from "../../check/errors.js";
import { formatShape } from "../../graph/shape.js";
import type { ModelDescription } from "../../model/description.js";
import { differencesOf, networkDifferences, predicting } from "./differences.js";
import type { SnapshotState } from "./state.js";
import type { SavedNumbers } from "./tensors.js";

/** A parameter, of a snapshot or of the model. */
type Sized = Pick<SavedNumbers, "name" | "shape" | "slots">;

/** What a snapshot is compared with. */
export interface Target {
  readonly model: ModelDescription;
  readonly parameters: readonly Sized[];
  readonly optimizer: string;
  readonly seed: number;
}

const SHOWN = 3;

function refuse(what: string, differences: readonly string[], mend: string): void {
  if (differences.length === 0) return;
  const shown = differences.slice(0, SHOWN).join("; ");
  const more = differences.length > SHOWN ? `; and ${differences.length - SHOWN} more` : "";
  throw new FormatError(`restore: the snapshot ${what}: ${shown}${more}. ${mend}`);
}

/** @throws FormatError naming the first differences between what predicts there and here */
export function checkNetwork(saved: readonly Sized[], { model: there }: SnapshotState, here: Target): void {
  const ours = here.parameters;
  const theirs = new Map(saved.map((one) => [one.name, one]));
  const own = new Set(ours.map(({ name }) => name));
  const differences = [
    ...ours.flatMap(({ name, shape }) => {
      const other = theirs.get(name);
      if (other === undefined) return [`it has no ${name}`];
      const [got, needs] = [formatShape(other.shape), formatShape(shape)];
      return got === needs ? [] : [`${name} is ${got} there and ${needs} here`];
    }),
    ...saved.flatMap(({ name }) => (own.has(name) ? [] : [`the model has no ${name}`])),
    ...(there ? networkDifferences(predicting(there.network), predicting(here.model.network)) : []),
  ];
  const order = ours.findIndex(({ name }, i) => saved[i]?.name !== name);
  if (differences.length === 0 && (order >= 0 || saved.length > ours.length)) {
    differences.push(`parameter ${order} is another`);
  }
  refuse("is of another network", differences, "Compile the network that it was taken of.");
}

/**
 * @param isNew whether the settings of the model may be others
 * @throws FormatError unless training would go on as it would have there
 */
export function checkTraining(saved: readonly Sized[], state: SnapshotState, here: Target, isNew: boolean): void {
  const { model: there, optimizer, seed, progress } = state;
  const mend = "Compile with the same, or give restore { weightsOnly: true } for the weights alone";
  const is = (what: string, theirs: unknown, ours: unknown) =>
    theirs === ours ? [] : [`${what} is ${theirs} in the snapshot, ${ours} here`];
  const what = "is of another training";
  refuse(what, is("optimizer", optimizer, here.optimizer), `${mend}.`);
  const slots = saved.flatMap(({ name, slots }, i) => is(`slots of ${name}`, slots, here.parameters[i]?.slots));
  refuse(what, slots, `Freeze the same layers and compile with a loss and the same optimizer, or ${mend.slice(22)}.`);
  const { model } = here;
  // Sums of the epoch under way are those of its metrics.
  if (there && progress?.rows) refuse(what, differencesOf(there.metrics, model.metrics, "metrics"), `${mend}.`);
  if (isNew) return;
  const differences = [
    ...is("seed", seed, here.seed),
    ...(there ? networkDifferences(there.network, model.network) : []),
    ...(there ? differencesOf(there.training, model.training, "compile: ") : []),
  ];
  refuse(what, differences, `${mend}, or { newSettings: true } to train on by the settings here.`);
}
