/** First values of kernels, and what they are measured by. */
import {
  compile,
  dense,
  type Initializer,
  type InitializerName,
  input,
  sequential,
} from "../../src/index.ts";

export type Start = InitializerName | Initializer;

export const FAN_IN = 200;
export const FAN_OUT = 300;

/** The first values of a kernel, row-major. */
export async function kernelOf(
  kernelInitializer: Start,
  { rows = FAN_IN, columns = FAN_OUT, seed = 1, worker = false } = {},
): Promise<Float32Array> {
  const network = sequential(input(rows), dense(columns, { kernelInitializer }));
  const model = await compile(network, { seed, worker });
  const weights = model.weights()["dense/kernel"]!.data;
  model.dispose();
  return weights;
}

export const meanOf = (values: ArrayLike<number>, f: (x: number) => number = (x) => x) =>
  Array.from(values, f).reduce((total, x) => total + x, 0) / values.length;
