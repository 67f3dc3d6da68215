/** Layers of maps: their arguments, options, and inputs that do not fit. */

import {
  adaptiveAveragePool2d,
  averagePool1d,
  averagePool2d,
  conv1d,
  conv1dTranspose,
  conv2d,
  conv2dTranspose,
  crop2d,
  depthwiseConv2d,
  globalAveragePool1d,
  globalAveragePool2d,
  globalMaxPool1d,
  globalMaxPool2d,
  input,
  type Layer,
  maxPool1d,
  maxPool2d,
  separableConv2d,
  upsample2d,
  zeroPad2d,
} from "../../../src/index.js";
import { eachOf, type Misuses, NOT, ofOptions } from "./misuse.js";

const SIZE = [0, 1.5, "3", null, [2], [2, 0], [1, 2, 3]];
const PADDING_1D = ["full", "SAME", -1, 1.5, null, [1], [1, -1]];
const PADDING_2D = ["full", "causal", -1, null, [1], [1, -1], [[1, 2, 3], 0]];
const ACTIVATION = ["quux", 3];
const WINDOWS_1D = { strides: NOT.count, padding: PADDING_1D };
const WINDOWS_2D = { strides: SIZE, padding: PADDING_2D };
const OTHERS = { activation: ACTIVATION, useBias: NOT.boolean, kernelInitializer: NOT.name, name: [""] };

/** A layer on maps of other ranks. */
const wrongRanks = (kind: string, layer: () => Layer, axes: 1 | 2): Misuses => ({
  [`${kind}: on features`]: () => layer()(input(8)),
  [`${kind}: on maps without channels`]: () => layer()(input(axes === 2 ? [28, 28] : [28])),
  [`${kind}: on maps of too many axes`]: () => layer()(input(axes === 2 ? [2, 8, 8, 3] : [8, 8, 3])),
});

const convolutions: Misuses = {
  ...eachOf("conv2d: filters", [undefined, ...NOT.count], (filters) => conv2d(filters, 3)),
  ...eachOf("conv2d: size", [undefined, ...SIZE], (size) => conv2d(8, size)),
  ...ofOptions("conv2d", (options) => conv2d(8, 3, options), {
    ...WINDOWS_2D,
    dilationRate: SIZE,
    groups: NOT.count,
    ...OTHERS,
  }),
  ...wrongRanks("conv2d", () => conv2d(8, 3), 2),
  "conv2d: a kernel that is larger than the map": () => conv2d(8, 5)(input([4, 4, 3])),
  "conv2d: a dilated kernel that is larger than the map": () =>
    conv2d(8, 3, { dilationRate: 3, padding: 1 })(input([4, 4, 3])),
  "conv2d: channels first": () => conv2d(8, 5)(input([3, 32, 32])),
  "conv2d: groups that do not divide the channels": () => conv2d(8, 3, { groups: 4 })(input([8, 8, 3])),
  "conv2d: groups that do not divide the filters": () => conv2d(8, 3, { groups: 3 })(input([8, 8, 3])),
  "conv2d: an error by the name of the layer": () => conv2d(8, 9, { name: "stem" })(input([8, 8, 3])),
  ...eachOf("conv1d: filters", NOT.count, (filters) => conv1d(filters, 3)),
  ...eachOf("conv1d: size", [[3, 3], ...NOT.count], (size) => conv1d(8, size)),
  ...ofOptions("conv1d", (options) => conv1d(8, 3, options), {
    ...WINDOWS_1D,
    dilationRate: NOT.count,
    groups: NOT.count,
    ...OTHERS,
  }),
  ...wrongRanks("conv1d", () => conv1d(8, 3), 1),
  "conv1d: a kernel that is longer than the time": () => conv1d(8, 5)(input([4, 3])),
  ...eachOf("depthwiseConv2d: size", SIZE, (size) => depthwiseConv2d(size)),
  ...ofOptions("depthwiseConv2d", (options) => depthwiseConv2d(3, options), {
    ...WINDOWS_2D,
    dilationRate: SIZE,
    depthMultiplier: NOT.count,
    ...OTHERS,
  }),
  ...eachOf("separableConv2d: filters", NOT.count, (filters) => separableConv2d(filters, 3)),
  ...eachOf("separableConv2d: size", SIZE, (size) => separableConv2d(8, size)),
  ...ofOptions("separableConv2d", (options) => separableConv2d(8, 3, options), {
    ...WINDOWS_2D,
    dilationRate: SIZE,
    depthMultiplier: NOT.count,
    depthwiseInitializer: NOT.name,
    ...OTHERS,
  }),
  ...wrongRanks("separableConv2d", () => separableConv2d(8, 3), 2),
};

const transposed: Misuses = {
  ...eachOf("conv2dTranspose: filters", NOT.count, (filters) => conv2dTranspose(filters, 3)),
  ...eachOf("conv2dTranspose: size", SIZE, (size) => conv2dTranspose(8, size)),
  ...ofOptions("conv2dTranspose", (options) => conv2dTranspose(8, 3, options), {
    ...WINDOWS_2D,
    dilationRate: SIZE,
    outputPadding: [-1, 0.5, 1, [0, 1], null],
    ...OTHERS,
  }),
  ...wrongRanks("conv2dTranspose", () => conv2dTranspose(8, 3), 2),
  'conv2dTranspose: an output padding with "same"': () =>
    conv2dTranspose(8, 3, { strides: 2, padding: "same", outputPadding: 1 }),
  "conv2dTranspose: more padding than places": () => conv2dTranspose(8, 3, { padding: 2 })(input([2, 2, 3])),
  ...eachOf("conv1dTranspose: filters", NOT.count, (filters) => conv1dTranspose(filters, 3)),
  ...ofOptions("conv1dTranspose", (options) => conv1dTranspose(8, 3, options), {
    ...WINDOWS_1D,
    dilationRate: NOT.count,
    outputPadding: [1, ...NOT.index],
    ...OTHERS,
  }),
  ...wrongRanks("conv1dTranspose", () => conv1dTranspose(8, 3), 1),
};

const pools: Misuses = {
  ...eachOf("maxPool2d: size", SIZE, (size) => maxPool2d(size)),
  ...ofOptions("maxPool2d", (options) => maxPool2d(2, options), { ...WINDOWS_2D, name: [""] }),
  ...wrongRanks("maxPool2d", () => maxPool2d(), 2),
  "maxPool2d: a window that is larger than the map": () => maxPool2d(3)(input([2, 2, 3])),
  "maxPool2d: padding of more than half of the window": () => maxPool2d(3, { padding: 2 })(input([8, 8, 3])),
  ...eachOf("averagePool2d: size", SIZE, (size) => averagePool2d(size)),
  ...ofOptions("averagePool2d", (options) => averagePool2d(2, options), {
    ...WINDOWS_2D,
    countPadding: NOT.boolean,
  }),
  ...eachOf("maxPool1d: size", NOT.count, (size) => maxPool1d(size)),
  ...ofOptions("maxPool1d", (options) => maxPool1d(2, options), WINDOWS_1D),
  ...wrongRanks("maxPool1d", () => maxPool1d(), 1),
  ...eachOf("averagePool1d: size", NOT.count, (size) => averagePool1d(size)),
  ...ofOptions("averagePool1d", (options) => averagePool1d(2, options), {
    ...WINDOWS_1D,
    countPadding: NOT.boolean,
  }),
  ...eachOf("adaptiveAveragePool2d: places", [undefined, ...SIZE], (places) => adaptiveAveragePool2d(places)),
  ...ofOptions("adaptiveAveragePool2d", (options) => adaptiveAveragePool2d(2, options), { name: [""] }),
};

for (const [kind, pool] of Object.entries({ globalAveragePool2d, globalMaxPool2d })) {
  Object.assign(
    pools,
    ofOptions(kind, pool, { keepAxes: NOT.boolean }),
    wrongRanks(kind, () => pool(), 2),
  );
}
for (const [kind, pool] of Object.entries({ globalAveragePool1d, globalMaxPool1d })) {
  Object.assign(
    pools,
    ofOptions(kind, pool, { keepAxes: NOT.boolean }),
    wrongRanks(kind, () => pool(), 1),
  );
}

const resizing: Misuses = {
  ...eachOf("zeroPad2d: sides", PADDING_2D, (sides) => zeroPad2d(sides)),
  ...ofOptions("zeroPad2d", (options) => zeroPad2d(1, options), { name: [""] }),
  ...wrongRanks("zeroPad2d", () => zeroPad2d(), 2),
  ...eachOf("crop2d: sides", PADDING_2D, (sides) => crop2d(sides)),
  ...ofOptions("crop2d", (options) => crop2d(1, options), { name: [""] }),
  "crop2d: all of the map": () => crop2d(4)(input([8, 8, 3])),
  ...eachOf("upsample2d: size", SIZE, (size) => upsample2d(size)),
  ...ofOptions("upsample2d", (options) => upsample2d(2, options), { name: [""] }),
};

export const maps: Misuses = { ...convolutions, ...transposed, ...pools, ...resizing };
