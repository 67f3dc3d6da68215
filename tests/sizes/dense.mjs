// A dense network, all of it by name.
import { compile, dense, input, sequential } from "wasmgrad";
import { x, y } from "./rows.mjs";

async function train() {
  const model = await compile(sequential(input(2), dense(8, "relu"), dense(2, "softmax")), {
    loss: "crossEntropy",
    optimizer: "adam",
    metrics: ["accuracy"],
  });
  return model.fit({ x, y }, { epochs: 2 });
}

globalThis.report = train();
