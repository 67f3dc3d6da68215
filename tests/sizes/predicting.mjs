// A model that only predicts, with weights that were trained elsewhere.
import { compile, dense, input, sequential } from "wasmgrad";
import { x } from "./rows.mjs";

async function predict() {
  const model = await compile(sequential(input(2), dense(2, "softmax")));
  model.setWeights({ "dense/kernel": [8, -8, -8, 8], "dense/bias": [0, 0] });
  return model.predict(x);
}

globalThis.report = predict().then(Array.from);
