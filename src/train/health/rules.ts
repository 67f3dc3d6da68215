/** What the statistics of a step say is wrong. The thresholds are rules of thumb, far from what healthy networks show. */
import type { EpochReport } from "../scoring/reports.js";
import type { Finding } from "./finding.js";
import { ENOUGH_ROWS, EXPLODING, MOST, SCALED, VANISHING } from "./sound.js";
import { type Entry, layerOf } from "./statistics.js";

/** A suspicion is told at once where it is certain, else when the next observation confirms it. */
export interface Suspicion extends Omit<Finding, "step"> {
  readonly isCertain: boolean;
}

export interface Evidence {
  readonly entries: readonly Entry[];
  /** Layers whose results are outputs, which may saturate. */
  readonly outputs: ReadonlySet<string>;
  /** Parameters with at least two axes, in the order of the network. */
  readonly kernels: ReadonlySet<string>;
  /** Whether all targets are numbers, whose scale the gradient has too, and not classes or shares. */
  readonly areNumbers: boolean;
  /** Whether the loss is a sum over the rows. */
  readonly isSum: boolean;
}

/** Kernels that there must be: in a shallow network a small gradient has another cause. */
const DEEP = 3;
/** Rows of a batch that say something about a single unit: many are for a few of the rows only. */
const MANY_ROWS = 32;

const rms = ({ squares, count }: Entry) => (count === 0 ? 0 : Math.sqrt(squares / count));
/** Three digits, and no exponent where none is needed. */
const short = (value: number) => String(Number(value.toPrecision(3)));
const percent = (share: number) => `${Math.round(share * 100)} %`;

export function suspicions(evidence: Evidence): Suspicion[] {
  return [
    ...unscaled(evidence),
    ...vanishing(evidence),
    ...exploding(evidence),
    ...dead(evidence),
    ...saturated(evidence),
  ];
}

function unscaled({ entries }: Evidence): Suspicion[] {
  return entries.flatMap((one) => {
    if (one.what !== "input" || !one.isMultiplied || rms(one) <= SCALED) return [];
    const { minimum, maximum } = one.tensor;
    return [
      {
        kind: "unscaledInput" as const,
        layer: one.name,
        message: `the input "${one.name}" reaches from ${short(minimum)} to ${short(maximum)}, with a root mean square of ${short(rms(one))}`,
        mend: "Bring it to the order of 1: standardScaler of wasmgrad/data for features, rescale(1 / 255) for bytes.",
        isCertain: true,
      },
    ];
  });
}

function vanishing({ entries, kernels }: Evidence): Suspicion[] {
  const gradients = entries.filter(({ what, name }) => what === "gradient" && kernels.has(name));
  // A gradient of exactly 0 has another cause: a loss that weighs nothing, or units that are dead.
  const [least, most] = extremes(gradients.filter((one) => rms(one) > 0));
  if (least === undefined || most === undefined || gradients.length < DEEP) return [];
  if (rms(least) >= VANISHING * rms(most)) return [];
  // On its way back it shrinks: one that grows is that of large inputs.
  const order = [...kernels];
  if (order.indexOf(least.name) > order.indexOf(most.name)) return [];
  const many = gradients.filter((one) => rms(one) < VANISHING * rms(most)).length;
  return [
    {
      kind: "vanishingGradient",
      layer: layerOf(least.name),
      message:
        `the gradient vanishes: that of "${least.name}" is ${short(rms(least) / rms(most))} of that of "${most.name}", ` +
        `and ${many} of ${gradients.length} layers as good as stand still`,
      mend: "Use relu with heUniform or tanh with glorotUniform, normalize between layers, or add residual connections.",
      isCertain: false,
    },
  ];
}

function extremes(gradients: readonly Entry[]): [Entry | undefined, Entry | undefined] {
  const sorted = [...gradients].sort((a, b) => rms(a) - rms(b));
  return [sorted[0], sorted.at(-1)];
}

/** What the gradient of a sound network may be multiplied by: errors are as large as the targets, and sums add up. */
function scaleOf({ entries, areNumbers, isSum }: Evidence): number {
  const targets = entries.filter(({ what }) => what === "target");
  const scale = areNumbers ? Math.max(1, ...targets.map(rms)) : 1;
  return isSum ? scale * Math.max(1, ...targets.map(({ count }) => count)) : scale;
}

function exploding(evidence: Evidence): Suspicion[] {
  const { entries } = evidence;
  const weights = new Map(entries.filter(({ what }) => what === "weight").map((one) => [one.name, one]));
  const ratio = (one: Entry) =>
    Math.sqrt(one.squares) / Math.max(1, Math.sqrt(weights.get(one.name)?.squares ?? 0));
  const worst = entries
    .filter(({ what }) => what === "gradient")
    .reduce<Entry | undefined>(
      (most, one) => (most === undefined || ratio(one) > ratio(most) ? one : most),
      undefined,
    );
  if (worst === undefined || ratio(worst) <= EXPLODING * scaleOf(evidence)) return [];
  return [
    {
      kind: "explodingGradient",
      layer: layerOf(worst.name),
      message: `the gradient explodes: that of "${worst.name}" has a norm of ${short(Math.sqrt(worst.squares))}`,
      mend: "Clip it with compile({ clipNorm: 1 }), lower the learning rate, scale inputs and targets, or initialize smaller.",
      isCertain: true,
    },
  ];
}

const isOutput = ({ outputs }: Evidence, { name }: Entry) => outputs.has(name);
const hasRows = ({ what, count, units }: Entry, rows: number) => what === "result" && count >= rows * units;

/** Outputs may be 0 where that is right, but with all of them 0 for every row there is no way back. */
function dead(evidence: Evidence): Suspicion[] {
  return evidence.entries.flatMap((one) => {
    const { range, name, tensor } = one;
    const isAll = tensor.deadShare === 1;
    if (range !== "relu" || tensor.deadShare <= MOST || !hasRows(one, isAll ? ENOUGH_ROWS : MANY_ROWS))
      return [];
    if (isOutput(evidence, one) && !isAll) return [];
    return [
      {
        kind: "deadUnits" as const,
        layer: name,
        message: `${percent(tensor.deadShare)} of the units of "${name}" are 0 for every row of a batch`,
        mend: isOutput(evidence, one)
          ? "End in a layer without relu, or in softplus, which is never 0; or lower the learning rate."
          : "Lower the learning rate, initialize with heUniform, or use leakyRelu, elu or gelu.",
        isCertain: false,
      },
    ];
  });
}

/** Norm of the whole gradient below which there is nothing left to learn: what a layer does is then as it should be. */
const LEARNED = 1e-2;

function saturated(evidence: Evidence): Suspicion[] {
  const gradients = evidence.entries.filter(({ what }) => what === "gradient");
  if (gradients.reduce((sum, { squares }) => sum + squares, 0) < LEARNED * LEARNED) return [];
  return evidence.entries.flatMap((one) => {
    const { range, name, tensor } = one;
    if (isOutput(evidence, one) || !hasRows(one, ENOUGH_ROWS) || tensor.saturatedShare <= MOST) return [];
    return [
      {
        kind: "saturated" as const,
        layer: name,
        message: `${percent(tensor.saturatedShare)} of what "${name}" makes lies at the ends of ${range}, where it is flat`,
        mend: "Scale its inputs, initialize with glorotUniform, normalize before it, or use relu.",
        isCertain: false,
      },
    ];
  });
}

/** @param base loss of a network that always gives the same answer */
export const stuck = ({ loss, epoch }: EpochReport, base: number): Suspicion => ({
  kind: "stuckAtBaseRate",
  layer: undefined,
  message:
    `after ${epoch} epochs the loss is ${loss.toPrecision(4)}, and does not fall; a network that always gives the ` +
    `same answer has ${base.toPrecision(4)}`,
  mend: "Raise or lower the learning rate by tens, scale inputs and targets, and see whether x and y belong together.",
  isCertain: true,
});
