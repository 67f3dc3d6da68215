import { Activation } from "../../../assembly/isa/matmul.js";
import { commonSubexpressions, type Rewrite } from "../rewrite.js";
import { sameShape } from "../shape.js";
import { inLayer, type Value } from "../value.js";
import { affine } from "./elementwise/affine.js";
import { add } from "./elementwise/binary.js";
import { relu, sigmoid, tanh } from "./elementwise/unary.js";
import { type SourceAttributes, source } from "./step/source.js";

const isOp = (value: Value | undefined, op: { readonly name: string }): value is Value => value?.op === op;

/**
 * What speaks of gradients only, a rule of the user's own or a stop, becomes what it shows: a graph is rewritten when
 * its gradients are there. The ops around it then meet, and a rule's inputs need not live until its result.
 */
export const dropGradientRules: Rewrite = {
  name: "dropGradientRules",
  // By name: who uses neither does not carry them.
  apply: ({ op: { name }, inputs }) =>
    name === "customGradient" || name === "stopGradient" ? inputs[0] : undefined,
};

/** A product + bias becomes one op, where its kernels have that: the same sum, with the bias added before the store. */
export const fuseBias: Rewrite = {
  name: "fuseBias",
  apply(value, uses) {
    const [product, bias] = value.inputs;
    if (!isOp(value, add) || product === undefined || uses.get(product) !== 1 || bias === undefined) return;
    if (!sameShape(bias.shape, product.shape.slice(-1)) || !sameShape(value.shape, product.shape)) return;
    return inLayer(value.layer, () => product.op.withBias?.(product, bias));
  },
};

const EPILOGUES = new Map<unknown, Activation>([
  [relu, Activation.Relu],
  [sigmoid, Activation.Sigmoid],
  [tanh, Activation.Tanh],
]);

/** relu(product + bias) becomes one op, where its kernels have that: the same function of the same sum. */
export const fuseActivation: Rewrite = {
  name: "fuseActivation",
  apply(value, uses) {
    const activation = EPILOGUES.get(value.op);
    const [x] = value.inputs;
    if (activation === undefined || x === undefined || uses.get(x) !== 1) return;
    return inLayer(value.layer, () => x.op.withActivation?.(x, activation));
  },
};

/** scale · source + offset becomes a source that does it while it gathers, so images stay one byte a pixel. */
export const foldRescale: Rewrite = {
  name: "foldRescale",
  apply(value, uses) {
    const [x] = value.inputs;
    if (!isOp(value, affine) || !isOp(x, source) || uses.get(x) !== 1) return;
    const staged = x.attributes as SourceAttributes;
    const rescale = value.attributes as { scale: number; offset: number };
    const isIdentity = ({ scale, offset }: typeof rescale) => scale === 1 && offset === 0;
    // A gather by 1 and 0 copies bits; the affine makes 0 of −0.
    if (!isIdentity(staged) || isIdentity(rescale)) return;
    return inLayer(value.layer, () => source({ ...staged, ...rescale }));
  },
};

/** The rewrites of a program, in order. */
export const rewrites = (): Rewrite[] => [
  dropGradientRules,
  foldRescale,
  commonSubexpressions(),
  fuseBias,
  fuseActivation,
];
