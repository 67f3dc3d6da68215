// A second training whose bits must be the same everywhere: small networks through every optimizer, kind of first
// weights, activation, normalization, noise, loss, schedule and average. It takes the package as an argument.
import { trainingData, weightHash } from "./training.mjs";

/** As TRAINED_HASH, of the weights of all these networks, one hash behind the other. */
export const TRAINER_HASH = "f21df9316cfe479986b7c8cc1066ca0153141420ee9ce84ff5afc85cdcdcaff7";

const FEATURES = 20;
const CLASSES = 5;
const ROWS = 128;
const STEPS = 24;

/** The first rows, and as targets of a regression their first feature. */
function data() {
  const { x, y } = trainingData();
  const first = Float32Array.from({ length: ROWS }, (_, i) => x[i * FEATURES]);
  return { x: x.subarray(0, ROWS * FEATURES), y: y.subarray(0, ROWS), first };
}

/** One network for each optimizer; the other parts take turns. */
function trainings(w) {
  const { dense } = w;
  const rate = (initialLearningRate) =>
    w.warmup(w.cosineDecay({ initialLearningRate, decaySteps: STEPS }), { steps: 4 });
  const optimizers = [
    w.sgd({ learningRate: rate(0.05), momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
    w.adam({ learningRate: rate(0.01), amsgrad: true }),
    w.adamW({
      learningRate: w.exponentialDecay({ initialLearningRate: 0.01, decaySteps: 5, decayRate: 0.7 }),
    }),
    w.adagrad({ learningRate: 0.05 }),
    w.rmsprop({ learningRate: 0.005, momentum: 0.5, centered: true }),
    w.adadelta(),
    w.adamax({ learningRate: 0.01 }),
    w.nadam({ learningRate: 0.01 }),
    w.radam({ learningRate: 0.02 }),
    w.lion({ learningRate: 0.003 }),
    w.lookahead(w.exponentialMovingAverage(w.adam({ learningRate: 0.01 })), { period: 5 }),
  ];
  const blocks = [
    () => [dense(16, { kernelInitializer: "heNormal" }), w.batchNorm(), w.activation("gelu")],
    () => [
      dense(16, { kernelInitializer: w.orthogonal({ gain: 1.2 }) }),
      w.layerNorm(),
      w.activation("silu"),
    ],
    () => [
      dense(16, { kernelInitializer: w.truncatedNormal({ deviation: 0.2 }) }),
      w.groupNorm({ groups: 4 }),
      w.activation("mish"),
    ],
    () => [dense(16, { kernelInitializer: "lecunNormal", activation: "selu" }), w.alphaDropout(0.2)],
    () => [
      dense(16, { activation: "geluTanh", kernelConstraint: w.maxNorm(1) }),
      w.rmsNorm(),
      w.gaussianNoise(0.1),
    ],
    () => [
      dense(16, { kernelRegularizer: w.l1l2({ l1: 1e-4, l2: 1e-3 }) }),
      w.swiGlu(),
      w.gaussianDropout(0.1),
    ],
  ];
  const classifiers = [w.crossEntropy({ labelSmoothing: 0.1 }), w.focal({ gamma: 2 }), "categoricalHinge"];
  const regressions = [w.huber({ delta: 0.3 }), "logCosh", w.quantile({ quantile: 0.8 })];
  return optimizers.map((optimizer, i) => {
    const classifies = i % 2 === 0;
    const losses = classifies ? classifiers : regressions;
    const hidden = blocks[i % blocks.length]();
    const last = classifies ? dense(CLASSES) : dense(1);
    const clip = [{ clipNorm: 1 }, { clipValue: 0.01 }, { clipParameterNorm: 0.5 }][i % 3];
    return {
      network: w.sequential(w.input(FEATURES), ...hidden, last),
      options: { loss: losses[i % losses.length], optimizer, seed: 100 + i, ...clip },
      classifies,
    };
  });
}

/** @returns the hashes of the weights of all networks after their training, and of the average of the last */
export async function trainerHash(wasmgrad) {
  const { x, y, first } = data();
  const hashes = [];
  for (const { network, options, classifies } of trainings(wasmgrad)) {
    const { loss } = options;
    const hot = loss === "categoricalHinge";
    const target = classifies
      ? hot
        ? Float32Array.from({ length: ROWS * CLASSES }, (_, i) =>
            y[Math.floor(i / CLASSES)] === i % CLASSES ? 1 : 0,
          )
        : y
      : first;
    const model = await wasmgrad.compile(network, options);
    await model.fit({ x, y: target }, { epochs: 6, batchSize: 32, accumulate: hot ? 2 : 1 });
    hashes.push(await weightHash(model));
    if (options.optimizer.name.includes("verage"))
      hashes.push(await weightHash({ weights: () => model.averagedWeights() }));
  }
  const digest = new Uint8Array(
    await crypto.subtle.digest("SHA-256", new TextEncoder().encode(hashes.join())),
  );
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
