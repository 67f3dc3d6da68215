// The dense network with dropout, early stopping and a snapshot.
import { compile, dense, dropout, earlyStopping, input, sequential } from "wasmgrad";
import { x, y } from "./rows.mjs";

const compiled = () =>
  compile(sequential(input(2), dense(8, "relu"), dropout(0.2), dense(2, "softmax")), {
    loss: "crossEntropy",
    optimizer: "adam",
    metrics: ["accuracy"],
  });

async function train() {
  const model = await compiled();
  const callbacks = [earlyStopping({ patience: 1 })];
  const reports = await model.fit({ x, y }, { epochs: 2, validationSplit: 0.25, callbacks });
  (await compiled()).restore(model.snapshot());
  return reports;
}

globalThis.report = train();
