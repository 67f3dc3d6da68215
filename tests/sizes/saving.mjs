// The dense network, saved and loaded again by a page that gives what its file is made of.
import { compile, dense, input, sequential } from "wasmgrad";
import { load, save } from "wasmgrad/io";
import { x, y } from "./rows.mjs";

async function train() {
  const model = await compile(sequential(input(2), dense(8, "relu"), dense(2, "softmax")), {
    loss: "crossEntropy",
    optimizer: "adam",
    metrics: ["accuracy"],
  });
  const reports = await model.fit({ x, y }, { epochs: 2 });
  const served = await load(await save(model), { layers: { dense } });
  await served.predict(x);
  return reports;
}

globalThis.report = train();
