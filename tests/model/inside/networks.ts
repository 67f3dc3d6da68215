/** Networks of every sort of layer, for what must hold of any. */
import {
  activation,
  add,
  batchNorm,
  type CompileOptions,
  conv2d,
  dense,
  dropout,
  flatten,
  input,
  l2,
  maxPool2d,
  network,
  sequential,
} from "../../../src/index.js";
import { rowsOf } from "../../given/models.js";

export const ROWS = 12;

const shared = () => {
  const x = input(4);
  const layer = dense(4, { activation: "tanh", name: "shared" });
  return network({ inputs: x, outputs: dense(2)(add()(layer(layer(x)), x)) });
};

export const networks = {
  "a perceptron": () => sequential(input(4), dense(6, "sigmoid"), dense(2)),
  "relu, dropout and a penalty": () =>
    sequential(
      input(4),
      dense(8, { activation: "relu", kernelRegularizer: l2(0.1) }),
      dropout(0.4),
      dense(2),
    ),
  "batch normalization": () =>
    sequential(input(4), dense(6, { useBias: false }), batchNorm(), activation("gelu"), dense(2)),
  "a shared layer with a shortcut": shared,
  convolutions: () =>
    sequential(
      input([2, 2, 1]),
      conv2d(3, 2, { activation: "tanh", padding: "same" }),
      maxPool2d(2),
      flatten(),
      dense(2),
    ),
};

export const dataOf = (name: keyof typeof networks) => {
  const x = rowsOf(ROWS, 4, 3);
  return {
    x:
      name === "convolutions"
        ? x.map(
            ([a, b, c, d]) =>
              [
                [[a], [b]],
                [[c], [d]],
              ] as number[][][],
          )
        : x,
    y: rowsOf(ROWS, 2, 5),
  };
};

export const names = Object.keys(networks) as (keyof typeof networks)[];

export const settings = {
  loss: "meanSquaredError",
  seed: 4,
} as const satisfies CompileOptions;
