// Gradients that vanish and gradients that explode: seen by the health report, and cured.
//
//     node examples/gradients.mjs
import {
  activation,
  adam,
  batchNorm,
  compile,
  DivergedError,
  dense,
  input,
  normal,
  sequential,
  sgd,
} from "wasmgrad";

/** Points of a square, and whether they lie within a circle. */
const x = Array.from({ length: 512 }, (_, i) => [((i * 37) % 64) / 32 - 1, ((i * 23) % 61) / 30 - 1]);
const isInside = x.map(([a, b]) => (a * a + b * b < 0.6 ? 1 : 0));

const layers = (count, make) => Array.from({ length: count }, (_, i) => make(i)).flat();
const relu = () => dense(16, "relu"); // begins with heUniform, as the activation asks for
const normalized = () => [
  dense(16, { kernelInitializer: "heUniform", useBias: false }),
  batchNorm(),
  activation("relu"),
];
const networks = {
  "50 × sigmoid": layers(50, () => dense(16, "sigmoid")),
  "50 × relu with heUniform": layers(50, relu),
  "50 × relu with heUniform, every tenth normalized": layers(50, (i) =>
    i % 10 === 9 ? normalized() : relu(),
  ),
};

console.log("A circle, learned by 50 layers in 80 epochs");
for (const [name, hidden] of Object.entries(networks)) {
  const model = await compile(sequential(input(2), ...hidden, dense(2, "softmax")), {
    loss: "crossEntropy",
    optimizer: adam({ learningRate: 0.001 }),
    metrics: ["accuracy"],
    seed: 1,
  });
  const history = await model.fit(
    { x, y: isInside },
    { epochs: 80, batchSize: 64, statistics: true, onWarning: false },
  );
  const { loss, accuracy } = history.at(-1);
  const norms = Object.values(history[0].statistics.layers).flatMap(({ gradientNorm }) => gradientNorm ?? []);
  const [finding] = history.flatMap(({ health = [] }) => health);
  console.log(`
${name}
  gradient of the first layer over that of the last: ${(norms[0] / norms.at(-1)).toExponential(1)}
  loss ${loss.toFixed(4)}, accuracy ${(accuracy * 100).toFixed(1)} %
  health: ${finding === undefined ? "nothing found" : `${finding.kind}: ${finding.message}. ${finding.mend}`}`);
}

console.log("\nA line, learned by 13 linear layers whose weights begin 1.6 times as large as they should");
const tooLarge = { kernelInitializer: normal({ deviation: 1.6 / Math.sqrt(16) }) };
for (const [name, options] of Object.entries({ "without clipping": {}, "clipNorm: 1": { clipNorm: 1 } })) {
  const network = sequential(input(2), ...layers(12, () => dense(16, tooLarge)), dense(1));
  const model = await compile(network, {
    loss: "meanSquaredError",
    optimizer: sgd({ learningRate: 0.05 }),
    seed: 1,
    ...options,
  });
  try {
    const history = await model.fit(
      { x, y: x.map(([a, b]) => [a - b]) },
      { epochs: 200, batchSize: 64, onWarning: false },
    );
    const [first, last] = [history[0].loss, history.at(-1).loss];
    const [finding] = history.flatMap(({ health = [] }) => health);
    console.log(`
${name}
  loss ${first.toPrecision(2)} in the first epoch, ${last.toPrecision(2)} in the last
  health: ${finding.kind}: ${finding.message}. ${finding.mend}`);
  } catch (error) {
    if (!(error instanceof DivergedError)) throw error;
    console.log(`\n${name}\n  diverged at step ${error.step}, in "${error.layer}"`);
  }
}
