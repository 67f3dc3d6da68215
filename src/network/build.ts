import { ShapeError } from "../check/errors.js";
import { describe } from "../check/options.js";
import { isValue } from "../graph/op.js";
import { type Parameter, parameter } from "../graph/primitives/step/source.js";
import { formatShape, sameShape } from "../graph/shape.js";
import { inBuild, inLayer, type Value } from "../graph/value.js";
import type { Layer, Node } from "../layers/layer.js";
import type { NamedNode } from "./ends.js";
import { checkStrays } from "./strays.js";

/** A loss that a layer adds to that of the outputs. */
export interface AddedLoss {
  readonly layer: string;
  /** A scalar, or one number for each row. */
  readonly value: Value;
}

/** What a running average moves towards in a step. */
export interface NewAverage {
  readonly parameter: Parameter;
  readonly value: Value;
}

/** The graph of a network on values for its inputs. */
export interface Built {
  readonly outputs: readonly Value[];
  readonly added: readonly AddedLoss[];
  readonly averages: readonly NewAverage[];
  /** What each layer made, by its name; of a layer that is used several times, the first. */
  readonly results: ReadonlyMap<string, Value>;
  /** What each use of a layer made. */
  readonly values: ReadonlyMap<Node, Value>;
}

export interface Wiring {
  readonly nodes: readonly Node[];
  readonly inputs: readonly NamedNode[];
  readonly outputs: readonly NamedNode[];
  readonly names: ReadonlyMap<Layer, string>;
  parametersOf(layer: Layer): readonly Parameter[];
}

/** Builds the ops of every node in order. Layers that are used several times share their parameters' values. */
export function buildNodes(
  wiring: Wiring,
  inputs: readonly Value[],
  training: boolean,
  isTrained: (one: Parameter) => boolean = ({ trainable }) => trainable !== false,
): Built {
  const values = new Map<Node, Value>(
    wiring.inputs.map(({ node }, i) => [node, inputs[i] as Value] as const),
  );
  const weights = new Map<Layer, readonly Value[]>();
  const added: AddedLoss[] = [];
  const averages: NewAverage[] = [];
  const results = new Map<string, Value>();
  wiring.nodes.forEach((node, index) => {
    const { layer } = node;
    const name = wiring.names.get(layer) as string;
    const result =
      values.get(node) ??
      inLayer(name, () => {
        const shared = weights.get(layer) ?? wiring.parametersOf(layer).map((one) => parameter(one));
        weights.set(layer, shared);
        const from = node.inputs.map((one) => values.get(one) as Value);
        const addLoss = (value: Value) => added.push({ layer: name, value: checkedLoss(name, value) });
        const setAverage = (average: Value, value: Value) =>
          averages.push(checkedAverage(name, average, value));
        const frozen = shared.length > 0 && !shared.some((one) => isTrained(one.attributes as Parameter));
        const made = inBuild({ node: index, training }, () =>
          layer.definition.build(from, shared, { training, node: index, addLoss, frozen, setAverage }),
        );
        checkShape(name, made, node);
        return made;
      });
    values.set(node, result);
    if (!results.has(name)) results.set(name, result);
  });
  checkStrays(
    [...values.values(), ...added.map(({ value }) => value), ...averages.map(({ value }) => value)],
    new Set([...inputs, ...[...weights.values()].flat()]),
  );
  const outputs = wiring.outputs.map(({ node }) => values.get(node) as Value);
  return { outputs, added, averages, results, values };
}

/** @throws ShapeError for what is no value */
function checkedLoss(layer: string, value: unknown): Value {
  if (isValue(value)) return value;
  throw new ShapeError(`${layer}: the loss that it adds is ${describe(value)}; needs a value.`);
}

/** @throws ShapeError for what is no running average, or a value of another shape */
function checkedAverage(layer: string, average: Value, value: Value): NewAverage {
  const one = isValue(average) ? (average.attributes as Parameter | undefined) : undefined;
  if (one?.average === undefined) {
    throw new ShapeError(
      `${layer}: setAverage is given ${describe(average)}; needs a parameter with average.`,
    );
  }
  if (isValue(value) && sameShape(value.shape, average.shape)) return { parameter: one, value };
  const got = isValue(value) ? formatShape(value.shape) : describe(value);
  throw new ShapeError(
    `${layer}: the new average of ${one.name} is ${got}; needs ${formatShape(one.shape)}.`,
  );
}

/** @throws ShapeError for another shape than the layer had when it was called */
function checkShape(layer: string, { shape }: Value, node: Node): void {
  if (sameShape(shape, node.shape)) return;
  throw new ShapeError(
    `${layer}: its build makes ${formatShape(shape)} where it made ${formatShape(node.shape)} before; needs one shape, ` +
      "in training and without.",
  );
}
