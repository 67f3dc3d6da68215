import { Form } from "../../assembly/isa.js";
import { ShapeError } from "../errors.js";
import { maxout as maxoutOf } from "../functions/gates.js";
import { formatShape, ROWS, type Shape } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { add } from "../ops/binary.js";
import { matmul } from "../ops/matmul.js";
import { checkInteger, checkKeys, checkType } from "../options.js";
import { type Initializer, type InitializerName, initialiser } from "./initialisers.js";
import { type Layer, layerTitle, makeLayer, type TrainableOptions } from "./layer.js";

export interface MaxoutLayerOptions extends TrainableOptions {
  /** Linear functions of which each unit takes the largest; default 2. */
  readonly pieces?: number;
  /** Whether to add a bias; default true. */
  readonly useBias?: boolean;
  /** Default `glorotUniform`, for so many units: the largest of two keeps the variance that it is given. */
  readonly kernelInitializer?: InitializerName | Initializer;
  /** Default `zeros`. */
  readonly biasInitializer?: InitializerName | Initializer;
}

const OPTION_NAMES = ["pieces", "useBias", "kernelInitializer", "biasInitializer", "name", "trainable"];

/**
 * y[j] = max over i of (x · kernel + bias)[j · pieces + i]: a fully connected layer that learns its activation, convex
 * and linear piece by piece (Goodfellow, Warde-Farley, Mirza, Courville & Bengio 2013).
 *
 * x is [rows, in] or [rows, time, in], kernel [in, units · pieces], bias [units · pieces].
 *
 * @param units outputs, at least 1
 * @throws OptionError for options that do not exist, ShapeError when it is called on an input without features
 */
export function maxout(units: number, options: MaxoutLayerOptions = {}): Layer {
  const who = layerTitle("maxout", options?.name);
  checkKeys(who, options, OPTION_NAMES);
  const { pieces = 2, useBias = true } = options;
  const { kernelInitializer = "glorotUniform", biasInitializer = "zeros" } = options;
  checkInteger(who, "units", units, 1);
  checkInteger(who, "pieces", pieces, 1);
  checkType(who, "useBias", useBias, "boolean");
  const all = units * pieces;
  initialiser(who, kernelInitializer, { fanIn: 1, fanOut: units }, [1, all]);
  initialiser(who, biasInitializer, { fanIn: 1, fanOut: units }, [all]);
  return makeLayer({
    kind: "maxout",
    name: options.name,
    trainable: options.trainable,
    arity: "one",
    shape: ([x]) => {
      const shape = x as Shape;
      if (shape.length >= 2 && shape.length <= 3 && shape.at(-1) !== ROWS)
        return [...shape.slice(0, -1), units];
      const mend = shape.length > 3 ? " Add flatten() before it." : "";
      throw new ShapeError(`${who}: input is ${formatShape(shape)}; needs [rows, features].${mend}`);
    },
    parameters: ([x]) => {
      const fans = { fanIn: (x as Shape).at(-1) as number, fanOut: units };
      const shape = [fans.fanIn, all];
      const kernel = { name: "kernel", shape, initial: initialiser(who, kernelInitializer, fans, shape) };
      const bias = { name: "bias", shape: [all], initial: initialiser(who, biasInitializer, fans, [all]) };
      return useBias ? [kernel, bias] : [kernel];
    },
    build: ([x], [kernel, bias]) => {
      const product = matmul(x as Value, kernel as Value, { form: Form.AB });
      return maxoutOf(bias === undefined ? product : add(product, bias), { pieces });
    },
  });
}
