// Networks that brain.js trained, as it writes them, and what it makes of some inputs: what tests/io/brain compares with.
//
//     npm install --prefix /tmp/brain2 --ignore-scripts brain.js@2.0.0-beta.24
//     npm install --prefix /tmp/brain1 --ignore-scripts brain.js@1.6.1
//     node tests/peers/brain/networks.mjs /tmp/brain2 /tmp/brain1 > tests/peers/brain/networks.json
//
// Trained anew they have other weights, as brain.js draws them by Math.random.
import { createRequire } from "node:module";
import { join } from "node:path";

const load = (folder) => createRequire(join(folder, "package.json"))("brain.js");
const [second, first] = process.argv.slice(2).map(load);

const records = [
  { input: { red: 0.03, green: 0.7 }, output: { black: 1 } },
  { input: { red: 0.16 }, output: { white: 1 } },
  { input: { red: 0.5, green: 0.5 }, output: { white: 1 } },
];
const lists = [
  { input: [0, 0, 1], output: [0] },
  { input: [0, 1, 0], output: [1] },
  { input: [1, 0, 0.5], output: [1] },
  { input: [1, 1, 0.25], output: [0] },
];

function trained({ NeuralNetwork }, options, data, inputs) {
  const net = new NeuralNetwork(options);
  net.train(data, { iterations: 300, ...options.training });
  // Of units that are all dead there is nothing to compare.
  if (!inputs.some((input) => Object.values(net.run(input)).some((one) => one !== 0)))
    return trained({ NeuralNetwork }, options, data, inputs);
  return {
    json: JSON.parse(JSON.stringify(net.toJSON())),
    inputs,
    outputs: inputs.map((input) => {
      const output = net.run(input);
      return ArrayBuffer.isView(output) ? [...output] : output;
    }),
  };
}

const ofRecords = [{ red: 1, green: 0.25 }, { red: 0.5 }, { green: 1 }];
const ofLists = [
  [0, 0, 1],
  [0.5, 0.25, 0.125],
  [1, 1, 1],
];
const networks = {
  records: trained(second, { hiddenLayers: [4] }, records, ofRecords),
  lists: trained(second, { hiddenLayers: [5, 3], activation: "tanh" }, lists, ofLists),
  relu: trained(
    second,
    { hiddenLayers: [5], activation: "relu", training: { learningRate: 0.01 } },
    lists,
    ofLists,
  ),
  leakyRelu: trained(
    second,
    { hiddenLayers: [5], activation: "leaky-relu", leakyReluAlpha: 0.125, training: { praxis: "adam" } },
    lists,
    ofLists,
  ),
  "version 1 of records": trained(first, { hiddenLayers: [4] }, records, ofRecords),
  "version 1 of lists": trained(first, { hiddenLayers: [4, 3], activation: "tanh" }, lists, ofLists),
};
const recurrent = new second.recurrent.LSTM({ hiddenLayers: [3] });
recurrent.train(["ab"], { iterations: 1 });
console.log(JSON.stringify({ networks, recurrent: recurrent.toJSON() }, null, 1));
