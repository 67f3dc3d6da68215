// A generative adversarial network (Goodfellow et al. 2014) that learns points of a ring: a loop of one's own.
//
//     node examples/gan.mjs [--steps 3000]
import { parseArgs } from "node:util";
import { adam, compile, dense, input, sequential } from "wasmgrad";
import { compileFunction } from "wasmgrad/autodiff";
import { randomNumbers } from "./random.mjs";

const { values } = parseArgs({ options: { steps: { type: "string", default: "3000" } } });
const steps = Number(values.steps);
const BATCH = 64;

const random = randomNumbers(1);

const real = () => {
  const angle = 2 * Math.PI * random();
  const radius = 1 + 0.1 * (random() - 0.5);
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
};
const noise = () => [2 * random() - 1, 2 * random() - 1];
const batch = (make) => Array.from({ length: BATCH }, make);

const network = sequential(input(2), dense(32, "tanh"), dense(32, "tanh"), dense(2));
const optimizer = adam({ learningRate: 0.001, beta1: 0.5 });
// The generator's loss is the critic's: its own is only there so that it is compiled for training.
const generator = await compile(network, { loss: "meanSquaredError", optimizer, seed: 1 });
const critic = await compile(
  sequential(
    input(2),
    dense(32, { activation: "leakyRelu" }),
    dense(32, { activation: "leakyRelu" }),
    dense(1, "sigmoid"),
  ),
  { loss: "binaryCrossEntropy", optimizer, seed: 2 },
);

/** What a gradient by the generator's points is by its weights: the vector-Jacobian product. */
const pullBack = await compileFunction((z) => network(z), {
  inputs: [BATCH, 2],
  seeds: true,
  weightGradients: true,
});

const label = (value) => batch(() => [value]);
const rowsOf = (flat) => batch((_, i) => [flat[2 * i], flat[2 * i + 1]]);

for (let step = 1; step <= steps; step++) {
  // The critic tells real points from made ones.
  const made = rowsOf(generator.predictNow(batch(noise)));
  await critic.trainOnBatch({ x: [...batch(real), ...made], y: [...label(1), ...label(0)] });

  // The generator moves its points to where the critic takes them for real.
  const z = batch(noise);
  const points = rowsOf(generator.predictNow(z));
  const { input: byPoints } = await critic.gradients({ x: points, y: label(1) }, { of: ["input"] });
  pullBack.setWeights(generator.weights());
  await generator.applyGradients(pullBack(z, byPoints.data).weightGradients);

  if (step % (steps / 5) === 0) {
    const { distance, sectors } = judge();
    console.log(
      `step ${step}: points lie ${distance.toFixed(3)} from the ring on average, in ${sectors} of 12 sectors`,
    );
  }
}

/** How far from the ring its points lie, and of how many twelfths of it there are at least one in a hundred. */
function judge() {
  const points = Array.from({ length: 16 }, () => rowsOf(generator.predictNow(batch(noise)))).flat();
  const counts = new Array(12).fill(0);
  let distance = 0;
  for (const [x, y] of points) {
    distance += Math.abs(Math.hypot(x, y) - 1) / points.length;
    counts[Math.min(11, Math.floor((Math.atan2(y, x) / Math.PI + 1) * 6))]++;
  }
  return { distance, sectors: counts.filter((count) => count >= points.length / 100).length };
}
