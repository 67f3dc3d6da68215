import { StatisticsRecord } from "../../../assembly/isa/control.js";
import type { Measured } from "../../compile/observe.js";
import { FIELDS } from "./sound.js";

/** What a tensor is like. */
export interface TensorStatistics {
  readonly mean: number;
  /** Root of the mean squared distance from the mean. */
  readonly deviation: number;
  readonly minimum: number;
  readonly maximum: number;
  /** Share of elements that are 0. */
  readonly zeroShare: number;
  /** Share of units, along the last axis, that are 0 for every row. */
  readonly deadShare: number;
  /** Share of elements at the ends of a sigmoid or tanh; 0 for other activations. */
  readonly saturatedShare: number;
}

/** What a step did to a layer. */
export interface LayerStatistics {
  /** Of what it made, before a last activation that is fused into the loss. */
  readonly activation?: TensorStatistics;
  /** Norm of the gradient of its parameters, before clipping. */
  readonly gradientNorm?: number;
  /** Norm of its parameters before the update. */
  readonly weightNorm?: number;
  /** Norm of the update over weightNorm; about 1e-3 is usual. */
  readonly updateRatio?: number;
}

/** What one step went through, layer by layer. */
export interface StepStatistics {
  /** Counted from 0 over the life of the model. */
  readonly step: number;
  readonly layers: { readonly [layer: string]: LayerStatistics };
}

/** An entry of the statistics, as measured. */
export interface Entry extends Measured {
  readonly tensor: TensorStatistics;
  readonly count: number;
  /** Σ x² */
  readonly squares: number;
}

/** The entries of an observed step. */
export function entriesOf(measured: readonly Measured[], numbers: Float64Array): Entry[] {
  return measured.map((one, i) => {
    const at = (field: StatisticsRecord) => numbers[i * FIELDS + (field >>> 3)] as number;
    const count = at(StatisticsRecord.count);
    const squares = at(StatisticsRecord.squares);
    const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
    const mean = share(at(StatisticsRecord.sum), count);
    return {
      ...one,
      count,
      squares,
      tensor: {
        mean,
        deviation: Math.sqrt(Math.max(0, share(squares, count) - mean * mean)),
        minimum: at(StatisticsRecord.minimum),
        maximum: at(StatisticsRecord.maximum),
        zeroShare: share(at(StatisticsRecord.zeros), count),
        deadShare: share(at(StatisticsRecord.deadUnits), one.units),
        saturatedShare:
          one.range === "other" || one.range === "relu" ? 0 : share(at(StatisticsRecord.saturated), count),
      },
    };
  });
}

/** The layer of a parameter: `encoder/dense` of `encoder/dense/kernel`. */
export const layerOf = (parameter: string) => parameter.slice(0, parameter.lastIndexOf("/"));

/** The statistics of a step by layer, in the order of computation. */
export function statisticsOf(step: number, entries: readonly Entry[]): StepStatistics {
  const layers = new Map<string, LayerStatistics>();
  const squares = (what: Measured["what"]) => {
    const sums = new Map<string, number>();
    for (const one of entries) {
      if (one.what !== what) continue;
      const layer = layerOf(one.name);
      sums.set(layer, (sums.get(layer) ?? 0) + one.squares);
    }
    return sums;
  };
  for (const { what, name, tensor } of entries) {
    if (what === "input" || what === "result") layers.set(name, { activation: tensor });
  }
  const [gradients, weights, updates] = [squares("gradient"), squares("weight"), squares("update")];
  for (const [layer, sum] of weights) {
    const weightNorm = Math.sqrt(sum);
    const update = updates.get(layer);
    layers.set(layer, {
      ...layers.get(layer),
      gradientNorm: Math.sqrt(gradients.get(layer) ?? 0),
      weightNorm,
      ...(update === undefined ? {} : { updateRatio: weightNorm === 0 ? 0 : Math.sqrt(update) / weightNorm }),
    });
  }
  return { step, layers: Object.fromEntries(layers) };
}
