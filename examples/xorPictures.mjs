// XOR in pictures: the network neuron by neuron, what it says of every point of the plane, and how its loss fell.
//
//     node examples/xorPictures.mjs [--folder pictures]
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { adam, compile, dense, input, sequential } from "wasmgrad";
import { drawDecisionBoundary, drawHistory, drawNetwork } from "wasmgrad/plot";

const { values } = parseArgs({ options: { folder: { type: "string", default: "pictures" } } });

const data = {
  x: [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ],
  y: [[0], [1], [1], [0]],
};
const network = sequential(
  input(2),
  dense(4, { activation: "tanh", name: "hidden" }),
  dense(1, { activation: "sigmoid", name: "output" }),
);
const model = await compile(network, {
  loss: "binaryCrossEntropy",
  optimizer: adam({ learningRate: 0.05 }),
  seed: 1,
});
const history = await model.fit(data, { epochs: 300 });
console.log(model);

const pictures = {
  "network.svg": drawNetwork(model, { activations: await model.activations([[0, 1]], ["hidden", "output"]) }),
  "boundary.svg": await drawDecisionBoundary(model, data, {
    title: "What XOR has become",
    classes: ["0", "1"],
  }),
  "history.svg": drawHistory(history, { scale: "log" }),
};
await mkdir(values.folder, { recursive: true });
for (const [name, svg] of Object.entries(pictures)) {
  await writeFile(join(values.folder, name), svg);
  console.log(`${join(values.folder, name)}: ${svg.length} bytes`);
}
