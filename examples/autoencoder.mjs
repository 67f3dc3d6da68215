// A variational autoencoder (Kingma & Welling 2014) that learns to draw digits: a layer of one's own that adds to the
// loss, a network used as a layer, and a compiled function.
//
//     node examples/autoencoder.mjs [--epochs 20]
import { parseArgs } from "node:util";
import { adam, compile, customLayer, dense, input, network, sequential } from "wasmgrad";
import { compileFunction } from "wasmgrad/autodiff";
import { add, exp, multiply, randomNormal, square, subtract, sum } from "wasmgrad/ops";
import { loadDigits } from "./mnistDigits.mjs";

const { values } = parseArgs({ options: { epochs: { type: "string", default: "20" } } });
const side = 28;
const pixels = side * side;
const latent = 8;
const { training, test } = loadDigits();
const toShades = (bytes) => Float32Array.from(bytes, (byte) => byte / 255);
const x = toShades(training.x);
const xTest = toShades(test.x);

// z = mean + e^(½ logVariance) · noise. What it adds to the loss keeps z near a normal distribution:
// KL = ½ Σ (mean² + e^logVariance − logVariance − 1), for each pixel, as the loss of the image is.
const sampling = customLayer({
  kind: "sampling",
  build([mean, logVariance], _, { training, addLoss }) {
    const terms = subtract(add(square(mean), exp(logVariance)), add(logVariance, 1));
    addLoss(multiply(sum(terms, { axis: -1 }), 0.5 / pixels));
    if (!training) return mean;
    return add(mean, multiply(exp(multiply(logVariance, 0.5)), randomNormal(mean.shape)));
  },
});

const image = input(pixels);
const hidden = dense(256, "relu")(image);
const z = sampling(dense(latent, { name: "mean" })(hidden), dense(latent, { name: "logVariance" })(hidden));
const decoder = sequential(input(latent), dense(256, "relu"), dense(pixels, "sigmoid"));
const autoencoder = network({ inputs: image, outputs: decoder(z) });

const model = await compile(autoencoder, {
  loss: "binaryCrossEntropy",
  optimizer: adam({ learningRate: 2e-3 }),
  seed: 1,
});
console.log(`${model.summary()}\n`);
await model.fit(
  { x, y: x },
  {
    epochs: Number(values.epochs),
    batchSize: 64,
    validation: { x: xTest, y: xTest },
    onEpoch({ epoch, loss, losses, validation }) {
      const shown = [loss, losses.sampling, validation.loss].map((value) => value.toFixed(4));
      console.log(`epoch ${epoch}: loss ${shown[0]}, of it for z ${shown[1]}; validation ${shown[2]}`);
    },
  },
);

// The decoder by itself, with the weights that it has in the autoencoder, draws digits from noise.
const artist = await compile(decoder);
const prefix = "network/";
const learned = Object.entries(model.weights()).filter(([name]) => name.startsWith(prefix));
artist.setWeights(Object.fromEntries(learned.map(([name, weight]) => [name.slice(prefix.length), weight])));
const count = 5;
const noise = await compileFunction(() => randomNormal([count, latent]), { inputs: {}, seed: 7 });
const drawn = await artist.predict(noise({}));

const shades = " .:-=+*#%@";
const shadeOf = (digit, row, column) => {
  const shade = drawn[digit * pixels + row * side + column];
  return shades[Math.min(shades.length - 1, Math.floor(shade * shades.length))];
};
console.log(`\n${count} digits that nobody wrote:`);
for (let row = 0; row < side; row += 2) {
  const lines = Array.from({ length: count }, (_, digit) =>
    Array.from({ length: side }, (_, column) => shadeOf(digit, row, column)).join(""),
  );
  console.log(lines.join(""));
}
