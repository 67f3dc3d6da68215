// Overfitting, shown and cured: a network far too large for its few, noisy examples learns the noise by heart.
//
//     node examples/overfitting.mjs [--epochs 300]
import { parseArgs } from "node:util";
import { adamW, compile, dense, dropout, earlyStopping, input, sequential } from "wasmgrad";

const { values } = parseArgs({ options: { epochs: { type: "string", default: "300" } } });
const epochs = Number(values.epochs);

/** Numbers in [0, 1) from a seed: a linear congruential generator (Knuth, TAOCP 2, 3.3.4). */
function generator(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const FEATURES = 20;
/** Rows of 20 features, of which two decide the class; one label in ten is wrong. */
function examples(count, seed) {
  const random = generator(seed);
  const x = Array.from({ length: count }, () => Array.from({ length: FEATURES }, () => 2 * random() - 1));
  const y = x.map(([a, b]) => ((random() < 0.1 ? a + b <= 0 : a + b > 0) ? 1 : 0));
  return { x, y };
}

const training = examples(200, 1);
const validation = examples(500, 2);
const test = examples(2000, 3);

const cures = {
  nothing: {},
  "dropout 0.5": { rate: 0.5 },
  "weight decay 5": { weightDecay: 5 },
  "early stopping": { callbacks: [earlyStopping({ patience: 20 })] },
  "all three": { rate: 0.5, weightDecay: 5, callbacks: [earlyStopping({ patience: 20 })] },
};

console.log(`${"against overfitting".padEnd(22)}epochs  training loss  test loss  test accuracy`);
for (const [name, { rate = 0, weightDecay = 0, callbacks = [] }] of Object.entries(cures)) {
  const hidden = () => [dense(128, "relu"), dropout(rate)];
  const model = await compile(sequential(input(FEATURES), ...hidden(), ...hidden(), dense(2, "softmax")), {
    loss: "crossEntropy",
    optimizer: adamW({ learningRate: 0.001, weightDecay }),
    metrics: ["accuracy"],
    seed: 1,
  });
  const history = await model.fit(training, { epochs, batchSize: 16, validation, callbacks });
  const [known, unseen] = [await model.evaluate(training), await model.evaluate(test)];
  const columns = [
    String(history.length).padStart(6),
    known.loss.toFixed(4).padStart(15),
    unseen.loss.toFixed(4).padStart(11),
    `${(unseen.accuracy * 100).toFixed(1)} %`.padStart(15),
  ];
  console.log(name.padEnd(22) + columns.join(""));
}
