/** A compiled network's losses and gradients in f64, by the reference and by central differences. */
import { expect } from "vitest";
import { source } from "../../src/graph/primitives/step/source.js";
import { evaluate } from "../../src/graph/reference/evaluate.js";
import {
  type CompileOptions,
  compile,
  type Ends,
  type MetricName,
  type Network,
  sgd,
} from "../../src/index.js";
import { lossOf } from "../../src/losses/customLoss.js";
import { outputKinds } from "../../src/losses/late.js";
import * as kinds from "../../src/losses/outputKinds.js";
import { RARE as losses } from "../../src/losses/rare.js";
import { RARE as metrics } from "../../src/metrics/engine/rare.js";
import { toSettings } from "../../src/model/settings.js";
import { RARE as optimizers } from "../../src/optimizers/rare.js";
import { type Examples, toExamples } from "../../src/rows/examples.js";
import { makeObjective } from "../../src/train/scoring/objective.js";

export type Numbers = Readonly<Record<string, readonly number[]>>;
export type AnyOptions = CompileOptions<MetricName, Ends>;
type Any = Network<Ends, Ends>;

// Graphs are built here in one go, as where import() is forbidden.
outputKinds.provide(kinds);

const rare = { losses, metrics, optimizers, lossOf };

/** What a report shows, by path: `loss`, `outputs/price/loss`, `losses/latent`. */
export type Scores = Readonly<Record<string, number>>;

/** Everything that a step reports, at the weights given, from the graph of ops in f64. */
export function scoresInF64(
  network: unknown,
  options: AnyOptions,
  data: Examples,
  weights: Numbers,
  { training = false, step = 0 } = {},
): Scores {
  const net = network as Any;
  const settings = toSettings(net, options, rare);
  const targets = settings.outputs.flatMap(({ name, index, loss }) => {
    const shape = net.outputs[index]?.shape ?? [];
    return loss === undefined ? [] : [{ name, shape, loss }];
  });
  const shapes = { inputs: net.inputs, targets, scored: targets, single: net.single };
  const { tables, forms, rows } = toExamples("test", data, shapes);
  const objective = makeObjective(settings, forms);
  const at = (slot: number, row: readonly number[]) => source({ slot, row, scale: 1, offset: 0 });
  const built = net.build(
    net.inputs.map(({ shape }, slot) => at(slot, shape.slice(1))),
    training,
  );
  const { reports, scores } = objective.build(
    built,
    forms.map(({ row }, i) => at(net.inputs.length + i, row)),
    training,
  );
  const results = evaluate(
    reports.map(({ value }) => value),
    {
      rows,
      sources: tables.map(({ values }) => values),
      parameters: new Map(
        net.layers
          .flatMap(({ parameters }) => parameters)
          .map((one) => [one, weights[one.name] as readonly number[]]),
      ),
      seed: settings.seed,
      step,
    },
  );
  const sums = reports.map(({ weighted, divisor }, i) => {
    const value = results[i]?.data[0] as number;
    return (weighted ? value * rows : value) / divisor;
  });
  return Object.fromEntries(scores.map(({ path, finish }) => [path.join("/"), finish(sums, rows)]));
}

/** The numbers of `weights()`. */
export const plain = (weights: Readonly<Record<string, { readonly data: Float32Array }>>): Numbers =>
  Object.fromEntries(Object.entries(weights).map(([name, { data }]) => [name, [...data]]));

interface GradientOptions {
  /** Elements of each parameter that are compared, spread evenly; default all. */
  readonly perParameter?: number;
  readonly tolerance?: number;
  /** Weights to start from; default those of the seed. */
  readonly weights?: Numbers;
  readonly step?: number;
}

/**
 * Checks the engine's gradient, which a step of plain descent at rate 1 takes off the weights, against central
 * differences of the training loss in f64.
 *
 * What is frozen must stay as it is.
 *
 * @returns how many elements were compared
 */
export async function checkGradients(
  network: unknown,
  options: AnyOptions,
  data: Examples,
  { perParameter = Number.POSITIVE_INFINITY, tolerance = 1e-4, weights }: GradientOptions = {},
): Promise<number> {
  const model = await compile(network as Any, { ...options, optimizer: sgd({ learningRate: 1 }) } as never);
  if (weights !== undefined) model.setWeights(weights as never);
  const before = plain(model.weights());
  const rows = toRows(data);
  await model.fit(data, { batchSize: rows, shuffle: false });
  const after = model.weights();
  const parameters = (network as Any).layers.flatMap((layer) => layer.parameters);
  const trained = new Set(parameters.flatMap((one) => (one.trainable === false ? [] : [one.name])));
  let compared = 0;
  for (const [name, values] of Object.entries(before)) {
    if (!trained.has(name)) {
      expect([...(after[name]?.data ?? [])], `${name} is frozen`).toEqual(values);
      continue;
    }
    const stride = Math.max(1, Math.floor(values.length / perParameter));
    for (let i = 0; i < values.length; i += stride) {
      const value = values[i] as number;
      const lossAt = (moved: number) =>
        scoresInF64(network, options, data, { ...before, [name]: values.with(i, moved) }, { training: true })
          .loss as number;
      const h = 1e-5 * Math.max(1, Math.abs(value));
      const expected = (lossAt(value + h) - lossAt(value - h)) / (2 * h);
      const found = value - (after[name]?.data[i] as number);
      // A weight minus its gradient rounds to half an ulp of the larger.
      const rounding = 2 ** -23 * Math.max(Math.abs(value), Math.abs(expected));
      expect(
        Math.abs(found - expected),
        `${name}[${i}]: engine ${found}, differences ${expected}`,
      ).toBeLessThanOrEqual(tolerance * Math.max(Math.abs(expected), 1e-2) + rounding);
      compared++;
    }
  }
  return compared;
}

function toRows({ x }: Examples): number {
  const first = Array.isArray(x) ? x : Object.values(x)[0];
  return (first as ArrayLike<unknown>).length;
}
