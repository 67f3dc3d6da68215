/** What `compile` settled, as JSON holds it, and the options of `compile` that it stands for. */
import { FormatError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import type { Loss } from "../../losses/loss.js";
import type { Metric } from "../../metrics/engine/metric.js";
import type { Settings } from "../../model/programs.js";
import type { AnyNetwork } from "../../network/description.js";
import type { Optimizer } from "../../optimizers/optimizer.js";
import type { Registry } from "../network/registry.js";
import { decode, encode } from "../network/values.js";

export interface SavedTraining {
  readonly outputs: readonly {
    readonly name: string;
    readonly loss?: unknown;
    readonly weight: number;
    readonly metrics: readonly unknown[];
  }[];
  readonly optimizer: unknown;
  readonly clipping: { readonly norm: number; readonly value: number; readonly parameterNorm: number };
  readonly seed: number;
  readonly batchSize: number;
}

/** A metric with no option but its name is known by that. */
const isPlain = ({ kind, name, options }: Metric): boolean =>
  name === kind && Object.keys(options).length === 1;

export const saveTraining = (
  who: string,
  { outputs, optimizer, clipping, seed, rows }: Settings,
): SavedTraining => ({
  outputs: outputs.map(({ name, loss, weight, metrics }) => ({
    name,
    ...(loss && { loss: encode(`${who}: the loss ${loss.name}`, loss) }),
    weight,
    metrics: metrics.map((one) => (isPlain(one) ? one.name : encode(`${who}: the metric ${one.name}`, one))),
  })),
  optimizer: encode(`${who}: the optimizer ${optimizer.name}`, optimizer),
  clipping,
  seed,
  batchSize: rows,
});

/** Options of `compile` for training. */
export interface TrainingOptions {
  readonly loss?: unknown;
  readonly lossWeights?: unknown;
  readonly metrics?: unknown;
  readonly optimizer: Optimizer;
  readonly clipNorm?: number;
  readonly clipValue?: number;
  readonly clipParameterNorm?: number;
}

/** @throws FormatError; MissingPart for what only the user can give */
export function readTraining(parts: Registry, saved: SavedTraining, network: AnyNetwork): TrainingOptions {
  const { outputs, clipping } = saved;
  const known = network.outputs.map(({ name }) => name);
  if (outputs.length !== known.length || outputs.some(({ name }, i) => name !== known[i])) {
    const got = outputs.map(({ name }) => describe(name)).slice(0, 8);
    throw new FormatError(
      `${parts.who}: training.outputs are ${got.join(", ")}; needs those of the network.`,
    );
  }
  const at = (i: number) => `training.outputs[${i}]`;
  const losses = outputs.map(
    ({ loss }, i) => decode(parts, `${at(i)}.loss`, loss, "loss") as Loss | undefined,
  );
  const metrics = outputs.map(
    (one, i) => decode(parts, `${at(i)}.metrics`, one.metrics, "metric") as Metric[],
  );
  const isScored = (_: unknown, i: number) => losses[i] !== undefined;
  const byName = (values: readonly unknown[]) =>
    Object.fromEntries(known.map((name, i) => [name, values[i]] as const).filter(isScored));
  const ofAll = <T>(values: readonly T[]) => (network.single.output ? values[0] : byName(values));
  const { norm, value, parameterNorm } = clipping;
  return {
    ...(losses.some(isScored) && { loss: ofAll(losses), metrics: ofAll(metrics) }),
    ...(!network.single.output && { lossWeights: byName(outputs.map(({ weight }) => weight)) }),
    optimizer: decode(parts, "training.optimizer", saved.optimizer, "optimizer") as Optimizer,
    ...(norm > 0 && { clipNorm: norm }),
    ...(value > 0 && { clipValue: value }),
    ...(parameterNorm > 0 && { clipParameterNorm: parameterNorm }),
  };
}
