// All of stopping.mjs, batch normalization, and encoders of a table that travel in the snapshot.
import { batchNorm, compile, dense, dropout, earlyStopping, input, sequential } from "wasmgrad";
import { columns, loadEncoder, oneHotEncoder, standardScaler } from "wasmgrad/data";
import { x, y } from "./rows.mjs";

const table = x.map(([height, width], i) => ({ height, width, color: ["red", "green", "blue"][i % 3] }));

const compiled = () =>
  compile(sequential(input(5), dense(8), batchNorm(), dropout(0.2), dense(2, "softmax")), {
    loss: "crossEntropy",
    optimizer: "adam",
    metrics: ["accuracy"],
  });

async function train() {
  const scaled = { height: standardScaler(), width: standardScaler(), color: oneHotEncoder() };
  const encoder = columns(scaled).fit(table);
  const model = await compiled();
  const callbacks = [earlyStopping({ patience: 1 })];
  const data = { x: encoder.transform(table), y };
  const reports = await model.fit(data, { epochs: 2, validationSplit: 0.25, callbacks });
  const { attachments } = (await compiled()).restore(model.snapshot({ attachments: { encoder } }));
  loadEncoder(attachments.encoder, "columns");
  return reports;
}

globalThis.report = train();
