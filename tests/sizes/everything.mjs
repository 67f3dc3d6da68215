// All that the package exports: nothing can be left out.
import * as wasmgrad from "wasmgrad";
import * as autodiff from "wasmgrad/autodiff";
import * as core from "wasmgrad/core";
import * as data from "wasmgrad/data";
import * as io from "wasmgrad/io";
import * as metrics from "wasmgrad/metrics";
import * as ops from "wasmgrad/ops";
import { x, y } from "./rows.mjs";

globalThis.everything = { ...core, ...wasmgrad, ...autodiff, ...data, ...io, ...metrics, ...ops };

async function train() {
  const { compile, dense, input, sequential } = globalThis.everything;
  const model = await compile(sequential(input(2), dense(8, "relu"), dense(2, "softmax")), {
    loss: "crossEntropy",
    optimizer: "adam",
    metrics: ["accuracy"],
  });
  return model.fit({ x, y }, { epochs: 2 });
}

globalThis.report = train();
