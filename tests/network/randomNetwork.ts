/** Networks at random, of all that layers can be wired to. */
import {
  add,
  average,
  concatenate,
  dense,
  dropout,
  input,
  type Layer,
  maximum,
  multiply,
  type Node,
  network,
  subtract,
} from "../../src/index.js";
import { Purpose, randomStream } from "../../src/numeric/random.js";
import type { AnyOptions } from "../graph/inF64.js";

const WIDTHS = [1, 2, 3, 5];
const ACTIVATIONS = ["linear", "tanh", "sigmoid"] as const;

/** Whole numbers below n, drawn from a seed. */
export function dice(seed: number) {
  const stream = randomStream(seed, 0, 0, Purpose.Shuffle);
  let drawn = 0;
  return (n: number) => Math.floor((stream.uint32(drawn++) / 2 ** 32) * n);
}

/** A network of one input and one output of that width, to be used as a layer. */
function block(width: number, below: (n: number) => number) {
  const start = input(width);
  const hidden = dense(WIDTHS[below(4)] as number, "tanh")(start);
  const out = dense(width)(hidden);
  return network({
    inputs: start,
    outputs: below(2) ? add()(out, start) : out,
    trainable: below(5) > 0,
  });
}

/** A graph of up to 25 nodes over one to three inputs, every loose end of which leads to one of its outputs. */
export function randomNetwork(seed: number) {
  const below = dice(seed);
  const inputs = Object.fromEntries(
    ["a", "b", "c"].slice(0, 1 + below(3)).map((name) => [name, input(WIDTHS[below(4)] as number)]),
  );
  const nodes: Node[] = Object.values(inputs);
  const unused = new Set(nodes);
  const shared = new Map<number, Layer>();
  const pick = () => {
    const node = nodes[below(nodes.length)] as Node;
    unused.delete(node);
    return node;
  };
  const widthOf = (node: Node) => node.shape[1] as number;
  const like = (width: number) => {
    const same = nodes.filter((node) => widthOf(node) === width);
    const node = same[below(same.length)] as Node;
    unused.delete(node);
    return node;
  };
  const size = 6 + below(14);
  for (let i = 0; i < size; i++) {
    const node = pick();
    const width = widthOf(node);
    const trainable = below(6) > 0;
    const activation = ACTIVATIONS[below(3)] as "tanh";
    const made = [
      () => dense(WIDTHS[below(4)] as number, { activation, trainable, useBias: below(3) > 0 })(node),
      () => {
        const layer = shared.get(width) ?? dense(width, { activation: "tanh" });
        shared.set(width, layer);
        return layer(node);
      },
      () => add()(node, like(width), like(width)),
      () => multiply()(node, like(width)),
      () => subtract()(node, like(width)),
      () => average()(node, like(width)),
      // A bias that is not zero, so that what dropout dropped makes no tie.
      () => maximum()(node, dense(width, { biasInitializer: "glorotUniform" })(node)),
      () => concatenate()(node, pick()),
      () => dropout(0.3)(node),
      () => block(width, below)(node),
    ][below(10)] as () => Node;
    const next = made();
    if (widthOf(next) > 12) continue;
    nodes.push(next);
    unused.add(next);
  }
  const ends = [...unused];
  const first = dense(2, { name: "first" })(ends.length > 1 ? concatenate()(...ends) : (ends[0] as Node));
  const second = dense(3, { activation: "softmax", name: "second" })(nodes.at(-1) as Node);
  return network({ inputs, outputs: { first, second, inner: nodes[below(nodes.length)] as Node } });
}

/** Losses of both its ends, and weights for them. */
export const optionsFor = (seed: number): AnyOptions => ({
  loss: { first: "meanSquaredError", second: "crossEntropy" },
  lossWeights: { first: 0.7, second: 1.3 },
  metrics: { first: ["meanAbsoluteError"], second: ["accuracy"] },
  seed,
});
