import { Activation, Form } from "../../../assembly/isa/matmul.js";
import { commonSubexpressions, type Rewrite } from "../rewrite.js";
import { sameShape } from "../shape.js";
import { inLayer, type Value } from "../value.js";
import { customGradient } from "./customGradient.js";
import { affine } from "./elementwise/affine.js";
import { add } from "./elementwise/binary.js";
import { relu, sigmoid, tanh } from "./elementwise/unary.js";
import { linear, type MatmulAttributes, matmul } from "./matmul/matmul.js";
import { type SourceAttributes, source } from "./step/source.js";
import { stopGradient } from "./stopGradient.js";

const isOp = (value: Value | undefined, op: { readonly name: string }): value is Value => value?.op === op;

/**
 * What speaks of gradients only, a rule of the user's own or a stop, becomes what it shows: a graph is rewritten when
 * its gradients are there. The ops around it then meet, and a rule's inputs need not live until its result.
 */
export const dropGradientRules: Rewrite = {
  name: "dropGradientRules",
  apply: (value) => (isOp(value, customGradient) || isOp(value, stopGradient) ? value.inputs[0] : undefined),
};

/** matmul(a, b) + bias becomes linear(a, b, bias): the same sum, with the bias added before the store. */
export const fuseBias: Rewrite = {
  name: "fuseBias",
  apply(value, uses) {
    const [product, bias] = value.inputs;
    if (!isOp(value, add) || !isOp(product, matmul) || uses.get(product) !== 1 || bias === undefined) return;
    const { form } = product.attributes as MatmulAttributes;
    const fits = form === Form.AB && sameShape(bias.shape, product.shape.slice(-1));
    if (!fits || !sameShape(value.shape, product.shape)) return;
    const [a, b] = product.inputs as [Value, Value];
    return inLayer(value.layer, () => linear(a, b, bias, { activation: Activation.None }));
  },
};

const EPILOGUES = new Map<unknown, Activation>([
  [relu, Activation.Relu],
  [sigmoid, Activation.Sigmoid],
  [tanh, Activation.Tanh],
]);

/** relu(linear(a, b, bias)) becomes one linear: the same function of the same sum. */
export const fuseActivation: Rewrite = {
  name: "fuseActivation",
  apply(value, uses) {
    const activation = EPILOGUES.get(value.op);
    const [x] = value.inputs;
    if (activation === undefined || !isOp(x, linear) || uses.get(x) !== 1) return;
    if ((x.attributes as { activation: Activation }).activation !== Activation.None) return;
    const [a, b, bias] = x.inputs as [Value, Value, Value];
    return inLayer(value.layer, () => linear(a, b, bias, { activation }));
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
