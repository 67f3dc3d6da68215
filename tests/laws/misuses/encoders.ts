/** Encoders of `wasmgrad/data`: options, data that does not fit, and what is no saved encoder. */
import {
  columns,
  type Encoder,
  hashingEncoder,
  labelEncoder,
  loadEncoder,
  minMaxScaler,
  oneHotEncoder,
  ordinalEncoder,
  type SavedEncoder,
  standardScaler,
} from "../../../src/data/index.js";
import { eachOf, type Misuses, NOT, ofOptions, wrong } from "./misuse.js";

const categories = [3, "abc", [], ["a"], [["a", "a"]], [[]], [[null]], null];

const options: Misuses = {
  ...ofOptions("standardScaler", wrong(standardScaler), {}),
  "standardScaler: withMean": () => standardScaler(wrong({ withMean: true })),
  ...ofOptions("minMaxScaler", minMaxScaler, {
    range: [3, [1, 0], [1, 1], [0], ["0", "1"], [0, Number.POSITIVE_INFINITY], null],
    clip: NOT.boolean,
  }),
  ...ofOptions("oneHotEncoder", oneHotEncoder, { unknown: ["ignored", ...NOT.name], categories }),
  ...ofOptions("ordinalEncoder", ordinalEncoder, { unknown: ["ignore", 0.5, null, {}], categories }),
  ...ofOptions(
    "hashingEncoder",
    hashingEncoder,
    {
      size: [2 ** 25, ...NOT.count],
      seed: [2 ** 32, ...NOT.index],
      output: ["bucket", ...NOT.name],
      signed: NOT.boolean,
    },
    { required: { size: 8 } },
  ),
  "hashingEncoder: signs of buckets": () => hashingEncoder({ size: 8, signed: true, output: "buckets" }),
  ...eachOf(
    "columns",
    [
      undefined,
      null,
      3,
      [],
      {},
      { age: 3 },
      { age: null },
      { age: standardScaler },
      { age: "passthrough" },
      { age: labelEncoder() },
    ],
    columns,
  ),
};

const NUMBERS = [
  undefined,
  null,
  3,
  "text",
  {},
  [],
  [[]],
  [1, Number.NaN],
  [[1, 2], [3]],
  [[1], ["2"]],
  [[1], [null]],
  [3, undefined],
  new Float32Array(3),
  new BigInt64Array(4),
];
const CATEGORIES = [
  undefined,
  null,
  3,
  {},
  [],
  [["a"], []],
  ["a", null],
  [["a"], [undefined]],
  ["a", Number.NaN],
  [{}],
];

/** What each kind learns from, and what it does not. */
const KINDS: Readonly<Record<string, readonly [() => Encoder, unknown, readonly unknown[]]>> = {
  standardScaler: [
    standardScaler,
    [
      [1, 2],
      [3, 5],
    ],
    NUMBERS,
  ],
  minMaxScaler: [
    minMaxScaler,
    [
      [1, 2],
      [3, 5],
    ],
    NUMBERS,
  ],
  oneHotEncoder: [oneHotEncoder, [["red"], ["green"]], CATEGORIES],
  ordinalEncoder: [ordinalEncoder, [["red"], ["green"]], CATEGORIES],
  hashingEncoder: [
    () => hashingEncoder({ size: 8 }),
    ["a b", "c"],
    [undefined, null, "text", 3, [], [3], [["a", 3]], ["a", null]],
  ],
};

const used: Misuses = Object.assign(
  {},
  ...Object.entries(KINDS).map(([kind, [make, good, bad]]) => {
    const fitted = () => make().fit(wrong(good));
    return {
      ...eachOf(`${kind}: fit`, bad, (given) => make().fit(given)),
      ...eachOf(`${kind}: transform`, bad, (given) => fitted().transform(given)),
      ...ofOptions(`${kind}: fit`, (given) => make().fit(wrong(good), given), { columns: NOT.count }),
      [`${kind}: transform before fit`]: () => make().transform(wrong(good)),
      [`${kind}: inverse before fit`]: () => make().inverse(wrong([[1]])),
      [`${kind}: columns before fit`]: () => make().columns,
      [`${kind}: featureNames before fit`]: () => make().featureNames(),
      [`${kind}: featureNames of others`]: () => fitted().featureNames(["a", "b", "c", "d"]),
      ...eachOf(`${kind}: inverse`, [null, 3, [], [[1, 2, 3, 4, 5, 6, 7]], [["a"]]], (given) =>
        fitted().inverse(given),
      ),
    };
  }),
);

const many = Array.from({ length: 20 }, (_, i) => i);
const unknown: Misuses = {
  "standardScaler: rows of another width": () =>
    standardScaler()
      .fit([[1, 2]])
      .transform([[1, 2, 3]]),
  "oneHotEncoder: rows of another width": () =>
    oneHotEncoder()
      .fit([["a", "b"]])
      .transform([["a"]]),
  "oneHotEncoder: a category that there is not": () => oneHotEncoder().fit(["a", "b"]).transform(["a", "c"]),
  "oneHotEncoder: a category of another type": () => oneHotEncoder().fit(["1"]).transform([1]),
  "oneHotEncoder: none of many": () => oneHotEncoder().fit(many).transform([20]),
  "oneHotEncoder: categories for other columns": () =>
    oneHotEncoder({ categories: [["a"]] }).fit([["a", "b"]]),
  "ordinalEncoder: a category that there is not": () =>
    ordinalEncoder().fit(["a", "b"]).transform(["a", "c"]),
  "ordinalEncoder: a number that a category has": () => ordinalEncoder({ unknown: 1 }).fit(["a", "b"]),
  "ordinalEncoder: half a code": () =>
    ordinalEncoder()
      .fit(["a", "b"])
      .inverse([[0.5]]),
  "ordinalEncoder: a code beyond": () =>
    ordinalEncoder()
      .fit(["a", "b"])
      .inverse([[2]]),
  "standardScaler: numbers that leave f32": () =>
    standardScaler()
      .fit([[0], [1e-30]])
      .transform([[1e30]]),
  "minMaxScaler: flat data without columns": () => minMaxScaler().fit(new Float32Array(4)),
  "minMaxScaler: flat data of other rows": () => minMaxScaler().fit(new Float32Array(5), { columns: 2 }),
};

const labels: Misuses = {
  ...eachOf(
    "labelEncoder: fit",
    [undefined, null, 3, "text", {}, [], [["a"], ["b"]], ["a", undefined], ["a", null], [Number.NaN], [{}]],
    (given) => labelEncoder().fit(given),
  ),
  ...eachOf("labelEncoder: transform", [null, [], ["a", "c"], [1]], (given) =>
    labelEncoder().fit(["a", "b"]).transform(given),
  ),
  ...eachOf("labelEncoder: inverse", [[2], [-1], [0.5], ["length"], [Number.NaN]], (given) =>
    labelEncoder().fit(["a", "b"]).inverse(given),
  ),
  ...eachOf("labelEncoder: mostLikely", [new Float32Array(3), [[1, 2, 3]], [["a", "b"]]], (given) =>
    labelEncoder().fit(["a", "b"]).mostLikely(given),
  ),
  "labelEncoder: transform before fit": () => labelEncoder().transform(["a"]),
  "labelEncoder: classes before fit": () => labelEncoder().classes,
  "labelEncoder: inverse before fit": () => labelEncoder().inverse([0]),
};

const people = [
  { age: 31, color: "red" },
  { age: 54, color: "blue" },
];
const encoder = () => columns({ age: standardScaler(), color: oneHotEncoder() });
const records: Misuses = {
  ...eachOf(
    "columns: fit",
    [
      undefined,
      null,
      3,
      {},
      [],
      [3],
      [null],
      [["a"]],
      [{ age: 3 }],
      [{ age: "x", color: "red" }],
      [{ age: Number.NaN, color: "red" }],
      [{ age: 1, color: null }],
    ],
    (given) => encoder().fit(given),
  ),
  ...ofOptions("columns: fit", (given) => encoder().fit(people, given), {}),
  "columns: transform before fit": () => encoder().transform(people),
  "columns: featureNames before fit": () => encoder().featureNames(),
  "columns: inverse before fit": () => encoder().inverse([[1]]),
  "columns: an unknown category": () =>
    encoder()
      .fit(people)
      .transform([{ age: 1, color: "teal" }]),
  "columns: inverse of another width": () =>
    encoder()
      .fit(people)
      .inverse([[1, 2]]),
  "columns: inverse of text": () =>
    encoder()
      .fit(people)
      .inverse(wrong([["a", "b", "c"]])),
};

const saved = (encoded: { toJSON(): unknown }) => structuredClone(encoded.toJSON()) as SavedEncoder;
const scaler = () => saved(minMaxScaler().fit([[1], [2]]));

const loaded: Misuses = {
  ...eachOf(
    "loadEncoder",
    ["{", "null", null, undefined, 3, [], {}, { encoder: "toString" }, { encoder: "scaler" }],
    (given) => loadEncoder(given),
  ),
  "loadEncoder: another format": () => loadEncoder({ ...scaler(), format: 2 }),
  "loadEncoder: damaged options": () => loadEncoder({ ...scaler(), options: { range: [1, 0] } }),
  "loadEncoder: no options": () => loadEncoder({ ...scaler(), options: null }),
  "loadEncoder: a number for what it learned": () => loadEncoder({ ...scaler(), fitted: 3 }),
  "loadEncoder: another kind": () => loadEncoder(scaler(), "columns"),
  "loadEncoder: minMaxScaler that is damaged": () =>
    loadEncoder({ ...scaler(), fitted: { least: [1], most: [0] } }),
  "loadEncoder: standardScaler that is damaged": () =>
    loadEncoder({ ...saved(standardScaler().fit([[1], [2]])), fitted: { means: [1], scales: [0] } }),
  "loadEncoder: oneHotEncoder that is damaged": () =>
    loadEncoder({ ...saved(oneHotEncoder().fit(["a"])), fitted: { categories: [["a", "a"]] } }),
  "loadEncoder: ordinalEncoder that is damaged": () =>
    loadEncoder({ ...saved(ordinalEncoder().fit(["a"])), fitted: { categories: ["a"] } }),
  "loadEncoder: hashingEncoder that is damaged": () =>
    loadEncoder({ ...saved(hashingEncoder({ size: 4 }).fit(["a"])), fitted: { inputs: 0 } }),
  "loadEncoder: labelEncoder that is damaged": () =>
    loadEncoder({ ...saved(labelEncoder().fit(["a"])), fitted: { classes: [] } }),
  "loadEncoder: columns that are damaged": () =>
    loadEncoder({ ...saved(encoder().fit(people)), fitted: { columns: [] } }),
};

export const encoders: Misuses = { ...options, ...used, ...unknown, ...labels, ...records, ...loaded };
