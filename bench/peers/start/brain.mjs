import brain from "brain.js";

const rows = Array.from({ length: 64 }, () => ({
  input: new Float32Array(784).fill(0.5),
  output: [0, 0, 0, 1, 0, 0, 0, 0, 0, 0],
}));

const network = new brain.NeuralNetwork({
  inputSize: 784,
  hiddenLayers: [256, 128],
  outputSize: 10,
  activation: "relu",
});
const { error } = network.train(rows, { iterations: 1, errorThresh: 1e-12, learningRate: 0.01 });
process.stdout.write(`done ${error}\n`);
