// A third training whose bits must be the same everywhere: its sums are long enough for several chunks. Norms of the
// gradient, the loss, gradients of biases, statistics of a batch, norms of columns. It takes the package as an argument.
import { weightHash } from "./training.mjs";

/** As TRAINED_HASH, of the weights of both networks, one hash behind the other. */
export const LONG_SUMS_HASH = "a0eb031923788103b85e6fafa6099b883a678c952e18ae5b9aa6c11a90471989";

const ROWS = 4500;
const FEATURES = 20;

/** Exact fractions by a linear congruential generator, as in training.mjs. */
function data() {
  let state = 4500;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 24) / 128 - 1;
  };
  const x = Float32Array.from({ length: ROWS * FEATURES }, next);
  const y = Float32Array.from({ length: ROWS }, (_, i) => x[i * FEATURES] * x[i * FEATURES + 1]);
  return { x, y };
}

/** @returns the hash of the weights after a few full-batch steps by Adam and by L-BFGS */
export async function longSumsHash({ adam, batchNorm, compile, dense, input, lbfgs, maxNorm, sequential }) {
  const hashes = [];
  for (const optimizer of [adam({ learningRate: 0.01 }), lbfgs()]) {
    const network = sequential(
      input(FEATURES),
      dense(300, "relu"),
      batchNorm(),
      dense(5, { activation: "tanh", kernelConstraint: maxNorm(0.5) }),
      dense(1),
    );
    const model = await compile(network, { loss: "meanSquaredError", optimizer, clipNorm: 0.5, seed: 1 });
    await model.fit(data(), { epochs: 4, batchSize: ROWS });
    hashes.push(await weightHash(model));
  }
  const digest = new Uint8Array(
    await crypto.subtle.digest("SHA-256", new TextEncoder().encode(hashes.join())),
  );
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
