// REINFORCE (Williams 1992): a policy that learns to balance a pole on a cart (Barto, Sutton & Anderson 1983).
//
//     node examples/policyGradient.mjs [--updates 60]
import { parseArgs } from "node:util";
import { adam, compile, dense, input, sequential } from "wasmgrad";
import { randomNumbers } from "./random.mjs";

const { values } = parseArgs({ options: { updates: { type: "string", default: "60" } } });
const updates = Number(values.updates);
const EPISODES = 8;
const LONGEST = 200;
const DISCOUNT = 0.98;

const random = randomNumbers(1);

/** One fiftieth of a second of cart and pole, pushed to the left (0) or the right (1). */
function push([x, speed, angle, turning], action) {
  const force = action === 1 ? 10 : -10;
  const [mass, poleMass, half] = [1.1, 0.1, 0.5];
  const along = (force + poleMass * half * turning ** 2 * Math.sin(angle)) / mass;
  const turn =
    (9.8 * Math.sin(angle) - Math.cos(angle) * along) /
    (half * (4 / 3 - (poleMass * Math.cos(angle) ** 2) / mass));
  const acceleration = along - (poleMass * half * turn * Math.cos(angle)) / mass;
  return [x + 0.02 * speed, speed + 0.02 * acceleration, angle + 0.02 * turning, turning + 0.02 * turn];
}
const hasFallen = ([x, , angle]) => Math.abs(x) > 2.4 || Math.abs(angle) > 0.21;

const policy = await compile(sequential(input(4), dense(32, "tanh"), dense(2, "softmax")), {
  loss: "crossEntropy",
  optimizer: adam({ learningRate: 0.01 }),
  seed: 1,
});

/** What the policy did until the pole fell, and what came of each push: a reward of 1 for each step, discounted. */
function play() {
  const states = [];
  const actions = [];
  let at = Array.from({ length: 4 }, () => 0.1 * (random() - 0.5));
  while (!hasFallen(at) && states.length < LONGEST) {
    const [left] = policy.predictNow([at]);
    const action = random() < left ? 0 : 1;
    states.push(at);
    actions.push(action);
    at = push(at, action);
  }
  const returns = new Array(states.length);
  for (let i = states.length - 1, sum = 0; i >= 0; i--) {
    sum = 1 + DISCOUNT * sum;
    returns[i] = sum;
  }
  return { states, actions, returns };
}

const lengths = [];
for (let update = 1; update <= updates; update++) {
  const episodes = Array.from({ length: EPISODES }, play);
  const x = episodes.flatMap(({ states }) => states);
  const y = episodes.flatMap(({ actions }) => actions);
  const returns = episodes.flatMap((one) => one.returns);
  const mean = returns.reduce((sum, one) => sum + one, 0) / returns.length;
  const deviation =
    Math.sqrt(returns.reduce((sum, one) => sum + (one - mean) ** 2, 0) / returns.length) + 1e-6;
  const advantages = returns.map((one) => (one - mean) / deviation);

  // Pushes that were better than the mean become likelier, others less so. Weights of rows are never negative, so the
  // gradient is that of the first less that of the second.
  const praised = await policy.gradients({ x, y, sampleWeight: advantages.map((a) => Math.max(a, 0)) });
  const blamed = await policy.gradients({ x, y, sampleWeight: advantages.map((a) => Math.max(-a, 0)) });
  const gradients = Object.fromEntries(
    Object.entries(praised).map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((value, i) => value - blamed[name].data[i]) },
    ]),
  );
  await policy.applyGradients(gradients);

  lengths.push(x.length / EPISODES);
  if (update % (updates / 6) === 0) {
    const last = lengths.slice(-updates / 6);
    const steps = last.reduce((sum, one) => sum + one, 0) / last.length;
    console.log(`updates up to ${update}: the pole stands ${steps.toFixed(1)} of ${LONGEST} steps`);
  }
}
