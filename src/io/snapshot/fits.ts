/** Whether a snapshot is of the network that it is to be put into, and of the training that is to go on. */
import { FormatError } from "../../check/errors.js";
import { formatShape } from "../../graph/shape.js";
import type { Fact, Facts, ModelDescription } from "../../model/description.js";

/** What a snapshot and a model are compared by. */
export interface Fitting {
  readonly optimizer: string;
  readonly seed: number;
  readonly parameters: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly slots: number;
  }[];
  /** Not of files of format 1, nor of what is compared with one. */
  readonly model?: ModelDescription | undefined;
}

const SHOWN = 3;
type Entries = Iterable<readonly [name: string, fact: Fact]>;

/** @throws FormatError naming the first facts that differ */
function compare(
  what: "network" | "training",
  factsOf: (one: Fitting) => Entries,
  [there, here]: readonly [Fitting, Fitting],
  mend: string,
): void {
  const [theirs, ours] = [new Map(factsOf(there)), new Map(factsOf(here))];
  const shown = (facts: typeof ours, name: string) =>
    facts.has(name) ? `${facts.get(name)}`.slice(0, 80) : "missing";
  const odd = [...new Set([...theirs.keys(), ...ours.keys()])].filter(
    (name) => theirs.get(name) !== ours.get(name),
  );
  if (odd.length === 0) return;
  const listed = odd
    .slice(0, SHOWN)
    .map(
      (name) => `${name.slice(0, 80)} is ${shown(theirs, name)} in the snapshot, ${shown(ours, name)} here`,
    );
  const more = odd.length > SHOWN ? `; and ${odd.length - SHOWN} more` : "";
  throw new FormatError(`restore: the snapshot is of another ${what}: ${listed.join("; ")}${more}. ${mend}.`);
}

const factsOf = (facts: Facts | undefined): Entries => Object.entries(facts ?? {});

/** @throws FormatError naming the first differences in what predicts */
export function checkNetwork(both: readonly [there: Fitting, here: Fitting]): void {
  const mend = "Compile the network that it was taken of; setWeights takes weights for any";
  const shapes = ({ parameters }: Fitting): Entries =>
    parameters.map(({ name, shape }) => [name, formatShape(shape)] as const);
  compare("network", shapes, both, mend);
  compare("network", ({ model }) => factsOf(model?.network), both, mend);
}

/**
 * @param inEpoch whether there are sums of an epoch under way
 * @param isNew whether the settings of the model may be others
 * @throws FormatError unless training would go on as it would have there
 */
export function checkTraining(
  both: readonly [there: Fitting, here: Fitting],
  inEpoch: boolean,
  isNew: boolean,
): void {
  const same = (facts: (one: Fitting) => Entries, mend: string) =>
    compare("training", facts, both, `${mend}, or give restore { weightsOnly: true } for the weights alone`);
  same(({ optimizer }) => [["optimizer", optimizer]], "Compile with the same");
  same(
    ({ parameters }) => parameters.map(({ name, slots }) => [`slots of ${name}`, slots]),
    "Compile with a loss and the same optimizer and freeze the same layers",
  );
  if (inEpoch) same(({ model }) => factsOf(model?.metrics), "Compile with the same metrics");
  if (isNew) return;
  same(
    ({ seed, model }) => [["seed", seed], ...factsOf(model?.training)],
    "Compile with the same, give restore { newSettings: true } to train on by those here",
  );
}
