/** What tests of callbacks share: a small model and its data. */
import {
  adam,
  type Callback,
  type CompileOptions,
  compile,
  dense,
  input,
  type Model,
  sequential,
} from "../../src/index.ts";
import { rowsOf } from "../given/models.ts";

export const data = { x: rowsOf(20, 3), y: rowsOf(20, 2, 2) };
export const validation = { x: rowsOf(6, 3, 5), y: rowsOf(6, 2, 7) };
/** Rows of a step: four steps an epoch. */
export const batchSize = 5;
export const STEPS_PER_EPOCH = 4;

export const model = (options: CompileOptions<never> = {}): Promise<Model> =>
  compile(sequential(input(3), dense(4, "tanh"), dense(2)), {
    loss: "meanSquaredError",
    optimizer: adam({ learningRate: 0.01 }),
    seed: 3,
    ...options,
  });

/** A callback that puts a number into each report: `watched`. */
export const watched = (values: readonly number[]) => ({
  name: "watched",
  onEpochEnd(report: { readonly epoch: number }) {
    Object.assign(report, { watched: values[report.epoch - 1] });
  },
});

/** Writes down which hook is called, in words. */
export const recorder = (name: string, seen: string[]): Callback => ({
  name,
  onTrainBegin: () => void seen.push(`${name} begins`),
  onEpochBegin: (epoch) => void seen.push(`${name} epoch ${epoch}`),
  onStepEnd: ({ step }) => void seen.push(`${name} step ${step}`),
  onEpochEnd: ({ epoch }) => void seen.push(`${name} report ${epoch}`),
  onTrainEnd: ({ outcome }) => void seen.push(`${name} ends: ${outcome}`),
});
