/** One of each picture, of trainings that are the same in every run: what pictures.test.ts and the screenshots look at. */
import {
  activation,
  add,
  type Callback,
  compile,
  concatenate,
  conv2d,
  cosineDecay,
  dense,
  flatten,
  input,
  learningRateRangeTest,
  maxPool2d,
  meanSquaredError,
  network,
  sequential,
  sgd,
  warmup,
} from "../../src/index.js";
import { confusionMatrix, precisionRecallCurve, rocCurve } from "../../src/metrics/index.js";
import {
  drawConfusionMatrix,
  drawDecisionBoundary,
  drawHealth,
  drawHistograms,
  drawHistory,
  drawLearningRate,
  drawNetwork,
  drawPrecisionRecallCurve,
  drawRocCurve,
} from "../../src/plot/index.js";
import { numbers } from "../given/models.js";

export const xorData = {
  x: [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ],
  y: [[0], [1], [1], [0]],
};

/** A network of 2, 4 and 1 neurons that has learned XOR. */
export async function learnedXor(callbacks: Callback[] = []) {
  const net = sequential(
    input(2),
    dense(4, { activation: "sigmoid", name: "hidden" }),
    dense(1, { activation: "sigmoid", name: "output" }),
  );
  const model = await compile(net, {
    loss: meanSquaredError({ reduction: "sum" }),
    optimizer: sgd({ learningRate: 0.5 }),
    metrics: ["binaryAccuracy"],
    seed: 1,
  });
  const history = await model.fit(xorData, { epochs: 2000, batchSize: 4, callbacks });
  return { model, history };
}

/** A residual network of images: too large for neurons. */
export function residual() {
  const image = input([28, 28, 1]);
  const map = conv2d(16, 3, { activation: "relu", padding: "same" })(image);
  const sum = add()(map, conv2d(16, 3, { padding: "same" })(map));
  const outputs = dense(10, "softmax")(flatten()(maxPool2d(2)(activation("relu")(sum))));
  return network({ inputs: image, outputs, name: "residual" });
}

/** Two inputs that are joined, and two outputs. */
export function joined() {
  const [a, b] = [input(3), input(2)];
  const both = concatenate()(dense(4, "relu")(a), dense(3, "tanh")(b));
  return network({
    inputs: { a, b },
    outputs: { price: dense(1, { name: "price" })(both), kind: dense(3, { name: "kind" })(both) },
  });
}

/** Scores of which those of a label are higher, more or less. */
export const scores = (closeness: number) => {
  const [noise, hidden] = [numbers(300, 1), numbers(300, 2)];
  return {
    predicted: noise.map((one, i) => one * (1 - closeness) + (hidden[i] as number) * closeness),
    labels: hidden.map((one) => (one > 0 ? 1 : 0)),
  };
};

/** The pictures by their names. */
export async function allPictures(): Promise<Record<string, string>> {
  const { model, history } = await learnedXor();
  const points = numbers(240, 3).map((one, i) => [one * 2, (numbers(240, 5)[i] as number) * 2]);
  const data = { x: points, y: points.map(([a = 0, b = 0]) => (a * a + b * b < 1 ? 0 : a > b ? 1 : 2)) };
  const classes = ["inside", "below", "above"];
  const net = sequential(input(2), dense(24, "tanh"), dense(24, "tanh"), dense(3, "softmax"));
  const trained = await compile(net, {
    loss: "crossEntropy",
    optimizer: "adam",
    metrics: ["accuracy"],
    seed: 1,
  });
  const reports = await trained.fit(data, {
    epochs: 40,
    batchSize: 24,
    validation: data,
    statistics: true,
    onWarning: false,
  });
  const predicted = await trained.predict(points);
  const [good, bad] = [scores(0.7), scores(0.3)];
  const joint = await compile(joined(), {
    loss: { price: "meanSquaredError", kind: "meanSquaredError" },
    seed: 1,
  });
  return {
    neurons: drawNetwork(model, { activations: await model.activations([[0, 1]], ["hidden", "output"]) }),
    joined: drawNetwork(joint),
    blocks: drawNetwork(residual()),
    history: drawHistory(reports),
    logarithmic: drawHistory(history, { scale: "log" }),
    schedule: drawLearningRate(
      warmup(cosineDecay({ initialLearningRate: 0.01, decaySteps: 900 }), { steps: 100 }),
    ),
    rangeTest: drawLearningRate(
      await learningRateRangeTest(await compile(net, { loss: "crossEntropy", seed: 1 }), data, {
        from: 1e-5,
        to: 10,
      }),
    ),
    confusion: drawConfusionMatrix(confusionMatrix(predicted, data.y, { classes })),
    roc: drawRocCurve({
      good: rocCurve(good.predicted, good.labels),
      bad: rocCurve(bad.predicted, bad.labels),
    }),
    precisionRecall: drawPrecisionRecallCurve(precisionRecallCurve(good.predicted, good.labels)),
    boundary: await drawDecisionBoundary(trained, data, { classes }),
    xorBoundary: await drawDecisionBoundary(model, xorData),
    histograms: drawHistograms(trained.weights()),
    health: drawHealth(reports),
  };
}
