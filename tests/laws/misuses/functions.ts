/** `wasmgrad/autodiff`: functions that are compiled, their calls, and checks of gradients. */
import { compileFunction, gradientCheck } from "../../../src/autodiff/index.js";
import {
  argMax,
  customGradient,
  gather,
  log,
  matmul,
  multiply,
  randomNormal,
  square,
  sum,
  type Value,
} from "../../../src/ops/index.js";
import { eachOf, type Misuses, NOT, ofOptions, wrong } from "./misuse.js";
import { anyModel, chain, data, regression, rows } from "./subjects.js";

type AnyCompile = (build: unknown, options?: unknown) => Promise<AnyCall>;
type AnyCall = ((...given: unknown[]) => unknown) & { dispose(): void };
const compiled = compileFunction as unknown as AnyCompile;

const same = (x: Value) => x;
const total = (x: Value) => sum(square(x));
const two = ({ a }: { a: Value }) => ({ loss: sum(a), y: a });

const tracing: Misuses = {
  ...eachOf("compileFunction", NOT.function, (build) => compiled(build, { inputs: [2] })),
  "compileFunction: no options": () => compiled(same),
  ...ofOptions(
    "compileFunction",
    (options) => compiled(total, options),
    {
      inputs: [3, "2", null, [2, -1], [2.5], ["2"], { a: 3 }, { a: [2, -1] }],
      gradients: [3, "a", null, ["x"], {}],
      of: ["y", 3, null],
      seeds: NOT.boolean,
      seed: NOT.index,
      memoryLimit: NOT.count,
      precision: ["high", ...NOT.name],
      engine: [3, null, {}],
    },
    { required: { inputs: [2] } },
  ),
  ...eachOf("compileFunction: returns", [undefined, null, 3, [], {}, { y: 1 }, "x"], (result) =>
    compiled(() => result, { inputs: [2] }),
  ),
  "compileFunction: is asynchronous": () => compiled(async (x: Value) => x, { inputs: [2] }),
  "compileFunction: returns a list of values": () => compiled((x: Value) => [x], { inputs: [2] }),
  "compileFunction: an output that is no scalar": () => compiled(same, { inputs: [2], gradients: true }),
  ...ofOptions(
    "compileFunction: several outputs",
    (options) => compiled(two, options),
    { of: ["los", "y", 3], gradients: ["a", ["b"], [3], [undefined]] },
    { beside: { inputs: { a: [2] }, gradients: ["a"], of: "loss" } },
  ),
  "compileFunction: which of several outputs": () => compiled(two, { inputs: { a: [2] }, gradients: ["a"] }),
  "compileFunction: a name for the one output": () =>
    compiled(total, { inputs: [2], gradients: true, of: "y" }),
  "compileFunction: seeds without gradients": () => compiled(same, { inputs: [2], seeds: true }),
  "compileFunction: an output without gradients": () => compiled(two, { inputs: { a: [2] }, of: "y" }),
  "compileFunction: an op without a gradient": () =>
    compiled(
      function winner({ a }: { a: Value }) {
        return sum(argMax(a));
      },
      { inputs: { a: [2, 3] }, gradients: ["a"] },
    ),
  ...eachOf("customGradient: gives", [undefined, 3, [], [3], [undefined], [null, null]], (gradients) => {
    const odd = customGradient(same, () => gradients);
    return compiled((x: Value) => sum(odd(x)), { inputs: [3], gradients: true });
  }),
  "customGradient: another shape": () => {
    const odd = customGradient(same, (_, __, dy) => [sum(dy)]);
    return compiled((x: Value) => sum(odd(x)), { inputs: [3], gradients: true });
  },
  "customGradient: by the name of its function": () => {
    const odd = customGradient(
      function clipped(a: Value, b: Value) {
        return multiply(a, b);
      },
      (_, __, dy) => [dy, dy],
    );
    const build = ({ a, b }: { a: Value; b: Value }) => sum(odd(a, b));
    return compiled(build, { inputs: { a: [2, 3], b: [3] }, gradients: true });
  },
  "compileFunction: a value of another function": async () => {
    let kept: Value | undefined;
    await compiled((x: Value) => (kept = x), { inputs: [2] });
    return compiled((x: Value) => multiply(x, kept as Value), { inputs: [2] });
  },
  "compileFunction: rows": () => compiled(() => randomNormal([-1, 2]), { inputs: {} }),
  "compileFunction: shapes that do not fit": () =>
    compiled(({ a, b }: { a: Value; b: Value }) => matmul(a, b), { inputs: { a: [2, 3], b: [2, 3] } }),
  "compileFunction: a plan beyond its limit": () =>
    compiled(same, { inputs: [100_000], memoryLimit: 400_000 }),
};

const named = () =>
  compiled(
    function f({ a, b }: { a: Value; b: Value }) {
      return multiply(a, b);
    },
    { inputs: { a: [2, 2], b: [] } },
  );
const seeded = () => compiled((x: Value) => ({ y: x }), { inputs: [2], gradients: true, seeds: true });
const lookup = () =>
  compiled(
    function lookup({ table, index }: { table: Value; index: Value }) {
      return sum(gather(table, index));
    },
    { inputs: { table: [3, 2], index: [2] }, gradients: ["table"] },
  );

const calling: Misuses = {
  ...eachOf(
    "a call: an input",
    [
      undefined,
      null,
      1,
      "1234",
      [1, 2],
      new Float32Array(5),
      new BigInt64Array(4),
      [[1, 2], [3]],
      [[1], [2], [3], [4]],
      [
        [[1], 2],
        [3, 4],
      ],
      [[1, 2], 3],
      ["1", 2, 3, 4],
      new Array(4),
      [1, 2, 3, null],
    ],
    async (a) => (await named())({ a, b: 1 }),
  ),
  ...eachOf("a call: a scalar", [[1, 2], "1", null], async (b) => (await named())({ a: [1, 2, 3, 4], b })),
  ...eachOf(
    "a call: inputs",
    [undefined, null, [1, 2, 3, 4], 3, {}, { a: [1, 2, 3, 4] }, { a: [1, 2, 3, 4], b: 1, c: 1 }],
    async (given) => (await named())(given),
  ),
  "a call: nothing": async () => (await named())(),
  "a call: too many arguments": async () => (await named())({ a: [1, 2, 3, 4], b: 1 }, 3),
  "a call: the one input by a wrong shape": async () => (await compiled(same, { inputs: [2] }))([1, 2, 3]),
  "a call: no seeds": async () => (await seeded())([1, 2]),
  ...eachOf(
    "a call: seeds",
    [undefined, null, [1, 2], { y: [1] }, { z: [1] }, { y: ["1", 2] }],
    async (seeds) => (await seeded())([1, 2], seeds),
  ),
  ...eachOf("a call: an index", [3, -1, 0.5, Number.NaN], async (index) =>
    (await lookup())({ table: [1, 2, 3, 4, 5, 6], index: [0, index] }),
  ),
  "a call after dispose": async () => {
    const call = await named();
    call.dispose();
    return call({ a: [1, 2, 3, 4], b: 1 });
  },
};

const CHECK = { tolerance: NOT.positive, step: NOT.positive, samples: NOT.count };
const checking: Misuses = {
  ...eachOf("gradientCheck", [undefined, null, 3, "x", {}], (subject) => gradientCheck(subject, data)),
  ...ofOptions(
    "gradientCheck: of a network",
    (options) => gradientCheck(chain(), data, options),
    {
      ...CHECK,
      loss: ["mse", ...NOT.name],
      lossWeights: [1],
      seed: NOT.index,
      weights: [3, null, { "last/biass": [1] }],
      precision: NOT.name,
      engine: [3],
    },
    { beside: { loss: "meanSquaredError" } },
  ),
  "gradientCheck: of a network without a loss": () => gradientCheck(chain(), data),
  ...ofOptions(
    "gradientCheck: of a model",
    async (options) => gradientCheck(await anyModel(), data, options),
    CHECK,
  ),
  "gradientCheck: of a model without a loss": async () =>
    gradientCheck(await regression({ loss: undefined }), data),
  "gradientCheck: of a model that was disposed": async () => {
    const model = await regression();
    model.dispose();
    return gradientCheck(model, data);
  },
  "gradientCheck: rows too narrow": async () => gradientCheck(await regression(), { ...data, x: rows(8, 2) }),
  ...ofOptions(
    "gradientCheck: of a function",
    (options) => gradientCheck(wrong(total), wrong([1, 2]), options),
    {
      ...CHECK,
      inputs: [3, null, [-1]],
      gradients: [3, "x", ["x"]],
      seed: NOT.index,
    },
    { required: { inputs: [2] } },
  ),
  "gradientCheck: numbers of another shape": () =>
    gradientCheck(wrong(total), wrong([1, 2, 3]), { inputs: [2] }),
  "gradientCheck: a loss that is not finite": () =>
    gradientCheck(
      wrong((x: Value) => sum(log(x))),
      wrong([0, 0]),
      { inputs: [2] },
    ),
  "gradientCheck: an op without a gradient": () =>
    gradientCheck(
      wrong((x: Value) => sum(argMax(x))),
      wrong([1, 2]),
      { inputs: [2] },
    ),
};

export const functions: Misuses = { ...tracing, ...calling, ...checking };
