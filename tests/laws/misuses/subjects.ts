/** What is misused: small networks, models, rows and values. */

import {
  type ActivationOption,
  type CompileOptions,
  compile,
  customLayer,
  dense,
  input,
  type Node,
  network,
  sequential,
  type Value,
} from "../../../src/index.js";
import { broadcastTo, constant } from "../../../src/ops/index.js";
import { wrong } from "./misuse.js";

/** Rows of multiples of an eighth in [−1, 1), the same in every run. */
export const rows = (count: number, columns: number): number[][] =>
  Array.from({ length: count }, (_, i) =>
    Array.from({ length: columns }, (_, j) => (((i * columns + j) * 5) % 16) / 8 - 1),
  );

export const chain = (units = 2, activation: ActivationOption = "linear") =>
  sequential(input(3), dense(units, { activation, name: "last" }));

export const data = { x: rows(8, 3), y: rows(8, 2) };
export const labeled = { x: rows(8, 3), y: [0, 1, 2, 0, 1, 2, 0, 1] };

export const regression = (options: object = {}) =>
  compile(chain(), { loss: "meanSquaredError", ...options } as CompileOptions);

let shared: ReturnType<typeof regression> | undefined;

/** One model for all that is refused before it changes anything of what others are told. */
export const anyModel = () => (shared ??= regression());

export const classifier = (options: object = {}) =>
  compile(chain(3, "softmax"), { loss: "crossEntropy", ...options } as CompileOptions);

/** Two inputs and two outputs by name. */
export function pair() {
  const [left, right] = [input(3), input(2)];
  const outputs = { price: dense(2, { name: "price" })(left), kind: dense(3, "softmax")(right) };
  return network({ inputs: { left, right }, outputs });
}
export const pairData = {
  x: { left: rows(8, 3), right: rows(8, 2) },
  y: { price: rows(8, 2), kind: labeled.y },
};
export const pairModel = (options: object = {}) =>
  compile(pair(), wrong({ loss: { price: "meanSquaredError", kind: "crossEntropy" }, ...options }));

/** A value of that shape. */
export const value = (...shape: number[]): Value => broadcastTo(constant(1), shape);

/** Builds with a value of rows, as a layer does. */
export const onRows = (shape: readonly number[], build: (x: Value) => unknown): Node =>
  customLayer({ kind: "mine", build: ([x]) => build(x) as Value })(input([...shape]));
