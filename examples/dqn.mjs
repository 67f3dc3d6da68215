// A deep Q-network (Mnih et al. 2015) that learns to catch what falls: replay, a target network, soft updates.
//
//     node examples/dqn.mjs [--games 800]
import { parseArgs } from "node:util";
import { adam, compile, dense, huber, input, sequential } from "wasmgrad";
import { randomNumbers } from "./random.mjs";

const { values } = parseArgs({ options: { games: { type: "string", default: "800" } } });
const games = Number(values.games);
const [WIDTH, HEIGHT, BATCH, DISCOUNT] = [7, 7, 32, 0.95];

const random = randomNumbers(1);
const below = (n) => Math.floor(random() * n);

const online = await compile(sequential(input(3), dense(48, "relu"), dense(48, "relu"), dense(3)), {
  loss: huber(),
  optimizer: adam({ learningRate: 0.002 }),
  seed: 1,
});
/** Follows slowly, so that what is learned does not chase itself. */
const target = await online.clone();

/** The ball, its height and the paddle, of about 1. */
const seen = ({ ball, row, paddle }) => [ball / 3 - 1, row / 3 - 1, paddle / 3 - 1];
const best = (q) => [0, 1, 2].reduce((a, b) => (q[b] > q[a] ? b : a));

const memory = [];

async function learn() {
  const moves = Array.from({ length: BATCH }, () => memory[below(memory.length)]);
  const now = online.predictNow(moves.map(({ from }) => from));
  const next = target.predictNow(moves.map(({ to }) => to));
  // What the network says already, but for the move that was made: reward and the best that is to come.
  const y = moves.map(({ move, reward, isOver }, i) => {
    const row = Array.from(now.subarray(3 * i, 3 * i + 3));
    row[move] = reward + (isOver ? 0 : DISCOUNT * Math.max(...next.subarray(3 * i, 3 * i + 3)));
    return row;
  });
  await online.trainOnBatch({ x: moves.map(({ from }) => from), y });
  await target.moveWeights(online.weights(), 0.02);
}

/** One game; moves at random with that chance. Whether the ball was caught. */
async function play(chance, isLearning) {
  const game = { ball: below(WIDTH), row: 0, paddle: below(WIDTH) };
  for (;;) {
    const from = seen(game);
    const move = random() < chance ? below(3) : best(online.predictNow([from]));
    game.paddle = Math.min(WIDTH - 1, Math.max(0, game.paddle + move - 1));
    game.row++;
    const isOver = game.row === HEIGHT - 1;
    const isCaught = isOver && game.ball === game.paddle;
    if (isLearning) {
      memory.push({ from, move, reward: isOver ? (isCaught ? 1 : -1) : 0, isOver, to: seen(game) });
      if (memory.length > 5000) memory.shift();
      if (memory.length > 4 * BATCH) await learn();
    }
    if (isOver) return isCaught;
  }
}

async function caughtOf(count) {
  let caught = 0;
  for (let i = 0; i < count; i++) if (await play(0, false)) caught++;
  return (100 * caught) / count;
}

console.log(`before: ${(await caughtOf(200)).toFixed(1)} % caught`);
for (let game = 1; game <= games; game++) {
  await play(Math.max(0.05, 1 - (2 * game) / games), true);
  if (game % (games / 4) === 0) console.log(`game ${game}: ${(await caughtOf(200)).toFixed(1)} % caught`);
}
