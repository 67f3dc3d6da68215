import { compile, dense, input, sequential, sgd } from "../../../dist/index.js";

const x = new Float32Array(64 * 784).fill(0.5);
const y = new Int32Array(64).fill(3);

const model = await compile(
  sequential(input(784), dense(256, "relu"), dense(128, "relu"), dense(10, "softmax")),
  { loss: "crossEntropy", optimizer: sgd({ learningRate: 0.01 }), seed: 1, batchSize: 64 },
);
let loss;
await model.fit({ x, y }, { epochs: 1, batchSize: 64, onEpoch: (report) => (loss = report.loss) });
process.stdout.write(`done ${loss}\n`);
