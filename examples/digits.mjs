// Handwritten digits: trains 784-128-10 with dropout, then says how many test images it reads right.
//
//     node examples/digits.mjs [--epochs 15]
import { parseArgs } from "node:util";
import { adam, compile, dense, dropout, input, rescale, sequential } from "wasmgrad";
import { loadDigits } from "./mnistDigits.mjs";

const { values } = parseArgs({ options: { epochs: { type: "string", default: "15" } } });
const epochs = Number(values.epochs);
const { training, validation, test } = loadDigits();

// Pixels stay bytes in memory and are brought to [0, 1] as each batch is gathered.
const network = sequential(
  input(784),
  rescale(1 / 255),
  dense(128, "relu"),
  dropout(0.2),
  dense(10, "softmax"),
);
const model = await compile(network, {
  loss: "crossEntropy",
  metrics: ["accuracy"],
  optimizer: adam({ learningRate: 0.002 }),
  batchSize: 64,
  seed: 1,
});
console.log(model.summary());
console.log(
  `\n${training.y.length} images to train on, ${validation.y.length} to validate with, ${test.y.length} to test with\n`,
);

const percent = (share) => `${(share * 100).toFixed(2)} %`;
const stepsPerEpoch = Math.ceil(training.y.length / 64);
const history = await model.fit(training, {
  epochs,
  batchSize: 64,
  validation,
  onStep: ({ epoch, step, loss }) => {
    // A line that overwrites itself is for people; a log would keep every copy.
    if (!process.stdout.isTTY) return;
    const done = (step % stepsPerEpoch) + 1;
    process.stdout.write(`\repoch ${epoch}: ${done}/${stepsPerEpoch} steps, loss ${loss.toFixed(4)} `);
  },
  onEpoch: ({ epoch, loss, accuracy, validation: held, samplesPerSecond }) => {
    if (process.stdout.isTTY) process.stdout.write("\r\u001b[K");
    console.log(
      `epoch ${epoch}: loss ${loss.toFixed(4)}, accuracy ${percent(accuracy)}; ` +
        `validation loss ${held.loss.toFixed(4)}, accuracy ${percent(held.accuracy)}; ` +
        `${Math.round(samplesPerSecond)} samples/s`,
    );
  },
});

const { accuracy } = await model.evaluate(test);
const seconds = history.reduce((sum, { samplesPerSecond }) => sum + training.y.length / samplesPerSecond, 0);
console.log(`\ntest accuracy   ${percent(accuracy)}`);
console.log(`training speed  ${Math.round((epochs * training.y.length) / seconds)} samples/s`);

console.log("\nmemory plan in bytes");
const { peak, ...parts } = model.memory;
for (const [part, bytes] of Object.entries({ ...parts, peak: peak.bytes })) {
  console.log(`  ${part.padEnd(10)} ${bytes.toLocaleString("en-US").padStart(10)}`);
}
