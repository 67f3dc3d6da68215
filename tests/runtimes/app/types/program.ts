// What TypeScript is given: every entry, with the types that each must have.
import { compile, dense, input, type Model, sequential } from "wasmgrad";
import { compileFunction } from "wasmgrad/autodiff";
import { compile as compileWithEngine } from "wasmgrad/core";
import { Dataset, standardScaler } from "wasmgrad/data";
import engineCore from "wasmgrad/engine/core.wasm";
import move from "wasmgrad/engine/move";
import engineMove from "wasmgrad/engine/move.wasm";
import { accuracy } from "wasmgrad/metrics";
import { square } from "wasmgrad/ops";
import relaxed from "wasmgrad/relaxed.wasm";
import simd from "wasmgrad/simd.wasm";

const network = sequential(input(2), dense(1));
const model: Model = await compile(network, { loss: "meanSquaredError" });
const brought: Model = await compileWithEngine(network, { engine: Math.random() < 0.5 ? simd : relaxed });
const withFamily: Model = await compileWithEngine(network, {
  engine: engineCore,
  families: { move: engineMove },
});
const family: string = move.family;
const squared = await compileFunction((x) => square(x), { inputs: [2] });
const numbers: Float32Array[] = [
  await model.predict([[1, 2]]),
  await brought.predict([[1, 2]]),
  squared([1, 2]),
];
const scaled: Float32Array = standardScaler().fitTransform([[1], [3]]);
await model.fit(Dataset.fromArrays({ x: [...scaled], y: [1, 2] }).batch(2));
const share: number = accuracy([0, 1], [0, 1]);
numbers.push(Float32Array.of(share));
// @ts-expect-error there is no family of that name
compileWithEngine(network, { engine: engineCore, families: { moves: engineMove } });
// @ts-expect-error there is no option of that name
compile(network, { optimiser: "adam" });
export default [numbers, withFamily, family];
