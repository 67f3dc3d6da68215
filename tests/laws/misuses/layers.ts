/** Layers: their arguments, options, and inputs that do not fit. */

import {
  activation,
  add,
  alphaDropout,
  average,
  batchNorm,
  compile,
  concatenate,
  customLayer,
  dense,
  dropout,
  flatten,
  gaussianDropout,
  gaussianNoise,
  geGlu,
  glu,
  groupNorm,
  input,
  instanceNorm,
  type Layer,
  layerNorm,
  maximum,
  maxout,
  minimum,
  multiply,
  type Node,
  prelu,
  rescale,
  rmsNorm,
  sequential,
  spatialDropout,
  subtract,
  swiGlu,
  type Value,
} from "../../../src/index.js";
import { add as addValues, constant, mean, transpose } from "../../../src/ops/index.js";
import { eachOf, type Misuses, NOT, ofOptions, wrong } from "./misuse.js";

const name = ["", 3];
const trainable = NOT.boolean;
const KERNEL = {
  useBias: NOT.boolean,
  kernelInitializer: ["glorotUnifrom", "xavier_uniform", ...NOT.name],
  biasInitializer: ["zeroes", ...NOT.name],
  kernelRegularizer: ["l3", ...NOT.name],
  biasRegularizer: ["L2", ...NOT.name],
  activityRegularizer: ["l1_l2", ...NOT.name],
  kernelConstraint: ["maxnorm", ...NOT.name],
  biasConstraint: ["nonNeg", ...NOT.name],
  name: ["", ...NOT.string],
  trainable,
};
const EPSILON = { epsilon: NOT.positive };
const SCALING = {
  scale: NOT.boolean,
  center: NOT.boolean,
  gammaInitializer: ["quux", null],
  betaInitializer: ["quux", null],
  name: [""],
  trainable: ["no"],
};
const { center: _, betaInitializer: __, ...SCALE } = SCALING;

/** A node whose rows lie behind its first axis, and one without rows. */
const turned = () => customLayer({ kind: "turn", build: ([h]) => transpose(h) })(input([3]));
const whole = () => customLayer({ kind: "whole", build: ([h]) => mean(h) })(input([3]));

/** A model of a chain that ends in the layer. */
const ending = (layer: Layer) => compile(sequential(input(3), layer));

const inputs: Misuses = {
  ...eachOf("input: shape", [undefined, null, "4", {}, [], 0, -1, 2.5, [3, 0], ["3"]], input),
  ...ofOptions("input", (options) => input(4, options), { name: NOT.string }),
};

const dense_: Misuses = {
  ...eachOf("dense: units", [undefined, -1, Number.NaN, 2 ** 53, 3n, [3], {}, true, ...NOT.count], (units) =>
    dense(units),
  ),
  ...eachOf("dense: activation as an argument", ["rleu", "ReLU", "sigmod", ""], (own) => dense(3, own)),
  ...eachOf("dense: options", ["toString", 7], (options) => dense(3, options)),
  ...ofOptions("dense", (options) => dense(3, options), { activation: ["quux", 3, {}], ...KERNEL }),
  "dense: an error by the name of the layer": () => dense(3, { name: "hidden", useBias: wrong(1) }),
  "dense: on what has its rows elsewhere": () => dense(2, { name: "mine" })(turned()),
  "dense: on what has no rows": () => dense(2)(whole()),
  "dense: on images": () => dense(2)(input([4, 4, 3])),
  "dense: orthogonal for a bias": () => dense(2, { biasInitializer: "orthogonal" })(input(3)),
  "dense: identity for a bias": () => dense(2, { biasInitializer: "identity" })(input(3)),
  "dense: called on nothing": () => (dense(2) as (...nodes: Node[]) => Node)(),
  "dense: called on two nodes": () => (dense(2) as (...nodes: Node[]) => Node)(input(2), input(2)),
  ...eachOf("dense: called on", [null, 3, "x", [1, 2], {}, dense], (node) => dense(2)(node)),
};

const activations: Misuses = {
  ...eachOf("activation", ["sigmod", "Softmax", ...NOT.name], (chosen) => activation(chosen)),
  ...ofOptions("activation", (options) => activation("relu", options), { name }),
  "activation: a function that returns nothing": () => ending(activation(wrong(() => undefined))),
  "activation: a function that returns a promise": () => ending(activation(wrong(async (h: Value) => h))),
  "activation: a function that returns another shape": () => ending(activation((h) => mean(h))),
  "activation: a function that does not fit": () => ending(activation((h) => addValues(h, constant([1, 2])))),
  "dense: an activation that returns another shape": () => ending(dense(2, (h) => transpose(h))),
  ...ofOptions("prelu", prelu, {
    slopes: ["all", "channels", 3, {}],
    sharedAxes: ["1", 1, {}, [0], [-1], [1.5], ["1"]],
    initializer: ["quux", Number.NaN, "1", {}],
    name,
    trainable,
  }),
  "prelu: slopes and sharedAxes": () => prelu({ slopes: "one", sharedAxes: [1] }),
  "prelu: a shared axis that there is not": () => prelu({ sharedAxes: [3] })(input(4)),
  "prelu: a slope for each channel of no rows": () => prelu({ slopes: "channel" })(whole()),
  ...eachOf("maxout: units", NOT.count, (units) => maxout(units)),
  ...ofOptions("maxout", (options) => maxout(3, options), {
    pieces: NOT.count,
    useBias: NOT.boolean,
    kernelInitializer: NOT.name,
    name,
  }),
  "maxout: on what has its rows elsewhere": () => maxout(2)(turned()),
};

for (const [kind, gate] of Object.entries({ glu, swiGlu, geGlu })) {
  Object.assign(activations, {
    ...ofOptions(kind, gate, { name }),
    [`${kind}: an odd number of features`]: () => gate()(input(3)),
    [`${kind}: no rows`]: () => gate()(whole()),
  });
}

const noise: Misuses = Object.assign(
  {},
  ...Object.entries({ dropout, alphaDropout, spatialDropout, gaussianDropout }).map(([kind, layer]) => ({
    ...eachOf(`${kind}: rate`, [undefined, 0.99999999, Number.NaN, ...NOT.share], layer),
    ...ofOptions(kind, (options) => layer(0.5, options), { name }),
  })),
  eachOf("gaussianNoise: deviation", [undefined, ...NOT.notNegative], gaussianNoise),
  ofOptions("gaussianNoise", (options) => gaussianNoise(0.5, options), { name }),
  {
    "spatialDropout: no positions": () => spatialDropout(0.5)(input(3)),
    "dropout: options instead of a rate": () => dropout(wrong({ rate: 0.5 })),
  },
);

const norms: Misuses = {
  ...ofOptions("batchNorm", batchNorm, { momentum: NOT.share, ...EPSILON, ...SCALING }),
  ...eachOf("batchNorm: axis", [0, 2, 1.5, "1"], (axis) => batchNorm({ axis })(input(3))),
  "batchNorm: no rows": () => batchNorm()(whole()),
  ...ofOptions("layerNorm", layerNorm, { ...EPSILON, ...SCALING }),
  ...eachOf("layerNorm: axis", [0, 2, [1, 1], [1, 3], "1"], (axis) => layerNorm({ axis })(input(3))),
  "layerNorm: no rows": () => layerNorm()(whole()),
  ...ofOptions("rmsNorm", rmsNorm, { ...EPSILON, ...SCALE }),
  ...eachOf("rmsNorm: axis", [0, 2, [1, -1], {}], (axis) => rmsNorm({ axis })(input(3))),
  ...ofOptions("groupNorm", groupNorm, { groups: NOT.count, ...EPSILON, ...SCALING }),
  "groupNorm: groups that do not divide the channels": () => groupNorm({ groups: 2 })(input([4, 3])),
  "groupNorm: no rows": () => groupNorm({ groups: 1 })(whole()),
  ...ofOptions("instanceNorm", instanceNorm, { ...EPSILON, ...SCALING }),
  "instanceNorm: no positions": () => instanceNorm()(input(3)),
};

const shapes: Misuses = {
  ...ofOptions("flatten", flatten, { name }),
  "flatten: rows elsewhere": () => flatten()(turned()),
  "flatten: no rows": () => flatten()(whole()),
  ...eachOf("rescale: scale", [undefined, 1e39, ...NOT.finite], (scale) => rescale(scale)),
  ...ofOptions("rescale", (options) => rescale(2, options), { offset: NOT.finite, name }),
};

const merging: Misuses = {
  ...ofOptions("concatenate", concatenate, { axis: [0, 1.5, "x", null, Number.NaN], name }),
  "concatenate: an axis that there is not": () => concatenate({ axis: 2 })(input(3), input(3)),
  "concatenate: the axis of the rows, from the end": () => concatenate({ axis: -2 })(input(3), input(3)),
  "concatenate: rows elsewhere": () => concatenate()(turned(), turned()),
  "concatenate: other sizes": () => concatenate()(input([2, 3]), input([4, 3])),
  "concatenate: other ranks": () => concatenate()(input([2, 3]), input(3)),
  "concatenate: nothing": () => (concatenate() as (...nodes: Node[]) => Node)(),
  "add: a node as options": () => add(wrong(input(3))),
  "concatenate: a node as options": () => concatenate(wrong(input(3))),
  "flatten: a node as options": () => flatten(wrong(input(3))),
};

for (const [kind, layer] of Object.entries({ add, average, maximum, minimum, multiply, subtract })) {
  Object.assign(merging, {
    ...ofOptions(kind, layer, { name }),
    [`${kind}: other shapes`]: () => layer()(input(3), input(4)),
    [`${kind}: nothing`]: () => (layer() as (...nodes: Node[]) => Node)(),
    [`${kind}: a list of nodes`]: () => layer()(wrong([input(3), input(3)])),
  });
}

export const layers: Misuses = {
  ...inputs,
  ...dense_,
  ...activations,
  ...noise,
  ...norms,
  ...shapes,
  ...merging,
};
