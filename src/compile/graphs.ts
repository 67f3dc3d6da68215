import { backward } from "../graph/backward.js";
import { rewrite } from "../graph/rewrite.js";
import { schedule } from "../graph/schedule.js";
import { type Shape, sizeOf } from "../graph/shape.js";
import { inLayer, type Value } from "../graph/value.js";
import { add } from "../ops/binary.js";
import { fill } from "../ops/fill.js";
import { rewrites } from "../ops/fuse.js";
import { report } from "../ops/report.js";
import { type Parameter, parameter, source } from "../ops/source.js";

/** Entries of the source table. */
export const INPUT_SLOT = 0;
export const TARGET_SLOT = 1;

/** A network, as the compiler sees it: something that builds its graph on a value for its input. */
export interface Buildable {
  readonly inputShape: Shape;
  build(input: Value, training: boolean): Value;
}

/** What a step adds to a metric: a sum over its rows, in which each has a share of 1 / perRow. */
export interface Measure {
  readonly sum: Value;
  readonly perRow: number;
}

/** What is asked of a network beside its output. */
export interface Objective {
  loss(prediction: Value, target: Value): Value;
  /** What the loss is over the rows of a step. */
  readonly reduction: "mean" | "sum";
  metrics(prediction: Value, target: Value): readonly Measure[];
  /** Shape of one row of the target. */
  readonly targetRow: Shape;
}

/** The fused graphs of the three methods, each as its values in the order of computation. */
export interface Graphs {
  readonly train: readonly Value[];
  /** Gradient of each parameter that the loss depends on: a value of `train`. */
  readonly gradients: ReadonlyMap<Parameter, Value>;
  readonly evaluate: readonly Value[];
  readonly predict: readonly Value[];
  readonly output: Value;
}

const chainRule = { add, onesLike: ({ shape }: Value) => fill({ shape, value: 1 }) };

const sourceValue = (slot: number, row: Shape) => source({ slot, row, scale: 1, offset: 0 });

export function buildGraphs(network: Buildable, objective: Objective | undefined): Graphs {
  const inputRow = network.inputShape.slice(1);
  const forward = (training: boolean) =>
    network.build(
      inLayer("input", () => sourceValue(INPUT_SLOT, inputRow)),
      training,
    );
  const [output] = rewrite([forward(false)], rewrites()) as [Value];
  const predict = { predict: schedule([output]), output };
  if (objective === undefined) return { ...predict, train: [], evaluate: [], gradients: new Map() };

  const reports = (prediction: Value) => {
    const target = inLayer("target", () => sourceValue(TARGET_SLOT, objective.targetRow));
    const loss = inLayer("loss", () => objective.loss(prediction, target));
    const metrics = inLayer("metrics", () => objective.metrics(prediction, target));
    const mean = { slot: 0, weighted: objective.reduction === "mean", divisor: 1 };
    const roots = [
      inLayer("loss", () => report(loss, mean)),
      ...metrics.map(({ sum, perRow }, i) =>
        inLayer("metrics", () => report(sum, { slot: i + 1, weighted: false, divisor: perRow })),
      ),
    ];
    return { loss, roots };
  };
  const evaluate = schedule(rewrite(reports(forward(false)).roots, rewrites()));

  const { loss, roots } = reports(forward(true));
  const wanted = schedule([loss]).filter(({ op }) => (op as unknown) === parameter);
  const found = backward(loss, wanted, chainRule);
  // Last layer first: each gradient is used up before the next is made.
  const pairs = wanted
    .flatMap((value, i) =>
      found[i] ? [{ parameter: value.attributes as Parameter, gradient: found[i] }] : [],
    )
    .reverse();
  const rewritten = rewrite([...roots, ...pairs.map(({ gradient }) => gradient)], rewrites());
  const gradients = new Map(
    pairs.map((pair, i) => [pair.parameter, rewritten[roots.length + i] as Value] as const),
  );
  return { ...predict, evaluate, train: schedule(rewritten), gradients };
}

/** Elements of a parameter. */
export const parameterElements = ({ shape }: Parameter) => sizeOf(shape).factor;
