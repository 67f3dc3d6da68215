// An application that names families which are modules of their own: gelu, layer normalization and lion. It takes the
// package as an argument.
import { FIT_OPTIONS, trainingData, weightHash } from "./training.mjs";

/** As TRAINED_HASH, of the weights of this training. */
export const FAMILIES_HASH = "1f1df892586f0d8e7625714af946f04e705b964aa9e66b19a4e04dbf3ef9cbcb";

/** The modules that it needs beside the core. */
export const FAMILIES = ["transcendental", "normalize", "optimizer"];

/** @returns the hash of the weights after two epochs */
export async function familiesHash(
  { activation, compile, dense, input, layerNorm, lion, sequential },
  options = {},
) {
  const network = sequential(input(20), dense(16), layerNorm(), activation("gelu"), dense(5, "softmax"));
  const optimizer = lion({ learningRate: 0.003 });
  const model = await compile(network, { loss: "crossEntropy", optimizer, seed: 4, ...options });
  await model.fit(trainingData(), { ...FIT_OPTIONS, epochs: 2 });
  const hash = await weightHash(model);
  model.dispose();
  return hash;
}

/** @throws Error unless a family that nobody registered is refused with the line that registers it */
export async function checkRefusal({ compile, dense, gaussianNoise, input, sequential, sgd }, options = {}) {
  const network = sequential(input(2), gaussianNoise(0.1), dense(1));
  const training = async () => {
    const model = await compile(network, { loss: "meanSquaredError", optimizer: sgd(), ...options });
    await model.fit({ x: [[1, 2]], y: [1] });
  };
  const error = await training().catch((error) => error);
  const line = 'Write `import "wasmgrad/engine/noise";` beside your import of wasmgrad';
  if (error?.code === "WASMGRAD_UNSUPPORTED" && error.message.includes(line)) return;
  throw new Error(
    `a family that is not registered: ${error}; needs an UnsupportedError with the line to write`,
  );
}

/** @returns the report of a program in which the families of this training are registered, and no other */
export async function leanReport(library) {
  const failures = [];
  const hash = await familiesHash(library).catch(String);
  if (hash !== FAMILIES_HASH) failures.push(`weights: ${hash}`);
  await checkRefusal(library).catch(({ message }) => failures.push(message));
  return { passed: 2, failures };
}

/**
 * Where there is no import(), with the families of this network registered and nothing else: it predicts, a further family
 * and training are refused with the lines to write.
 */
export async function servedReport({ activation, compile, dense, gelu, input, layerNorm, sequential }) {
  const failures = [];
  // The name would be imported.
  const network = sequential(input(20), dense(16), layerNorm(), activation(gelu()), dense(5, "softmax"));
  try {
    const model = await compile(network, { seed: 4 });
    const shares = await model.predict(Float32Array.from({ length: 60 }, (_, i) => (i % 7) - 3));
    const sums = [0, 1, 2].map((row) => shares.slice(row * 5, row * 5 + 5).reduce((sum, one) => sum + one));
    if (!sums.every((sum) => Math.abs(sum - 1) < 1e-6)) failures.push(`predictions sum to ${sums}`);
  } catch (error) {
    failures.push(String(error));
  }
  const drawn = sequential(input(2), dense(1, { kernelInitializer: "heNormal" }));
  const refused = [
    [drawn, {}, 'Write `import "wasmgrad/engine/noise";` beside your import of wasmgrad'],
    [network, { loss: "crossEntropy" }, 'Write `import "wasmgrad/complete";` beside your import of wasmgrad'],
  ];
  for (const [one, options, line] of refused) {
    const error = await compile(one, options).catch((error) => error);
    if (error?.code !== "WASMGRAD_UNSUPPORTED" || !error.message.includes(line)) {
      failures.push(`what is not registered: ${error}; needs an UnsupportedError with the line to write`);
    }
  }
  return { passed: 1 + refused.length, failures };
}
