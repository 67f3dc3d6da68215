// XOR: the smallest problem that a single layer cannot solve (Minsky & Papert 1969).
//
//     node examples/xor.mjs [--epochs 10000]
import { parseArgs } from "node:util";
import { compile, dense, input, meanSquaredError, sequential, sgd } from "wasmgrad";

const { values } = parseArgs({ options: { epochs: { type: "string", default: "10000" } } });
const epochs = Number(values.epochs);

const x = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const y = [[0], [1], [1], [0]];

// Two inputs, four hidden units, one output; plain gradient descent on the summed squared error.
const network = sequential(input(2), dense(4, "sigmoid"), dense(1, "sigmoid"));
const model = await compile(network, {
  loss: meanSquaredError({ reduction: "sum" }),
  optimizer: sgd({ learningRate: 0.1 }),
  seed: 1,
});
console.log(model.summary());

const start = performance.now();
const history = await model.fit({ x, y }, { epochs, batchSize: 4 });
const seconds = (performance.now() - start) / 1000;
console.log(`\n${epochs} epochs in ${seconds.toFixed(2)} s, loss ${history.at(-1).loss.toFixed(4)}`);

const outputs = await model.predict(x);
x.forEach((row, i) => {
  console.log(`${row[0]} xor ${row[1]} = ${outputs[i].toFixed(3)}`);
});
