/** `compile`: its options, engines, workers, memory, and losses without a way to what is trained. */
import { compile as compileWithEngine } from "../../../src/core.js";
import { compile, customLayer, dense, input, network, prelu, sequential, sgd } from "../../../src/index.js";
import { stopGradient } from "../../../src/ops/index.js";
import { eachOf, type Misuses, NOT, ofOptions, wrong } from "./misuse.js";
import { chain, pairModel, regression } from "./subjects.js";

const options: Misuses = {
  ...ofOptions("compile", (given) => compile(chain(), given), {
    loss: ["mse", "categorical_crossentropy", "nll", sgd, ...NOT.name],
    lossWeights: [1, { last: 1 }, null],
    optimizer: ["adm", "Adam", 0.01, sgd, ...NOT.name, {}],
    seed: NOT.index,
    batchSize: NOT.count,
    clipNorm: NOT.positive,
    clipParameterNorm: NOT.positive,
    clipValue: NOT.positive,
    memoryLimit: ["1 GB", ...NOT.count],
    precision: ["exakt", ...NOT.name],
    worker: ["yes", 3, null, {}],
    engine: [3, null, "simd.wasm", {}, [], new Uint8Array(9)],
  }),
  "compile: lr": () => compile(chain(), wrong({ lr: 0.1 })),
  "compile: learningRate": () => compile(chain(), wrong({ learningRate: 0.1 })),
  ...eachOf("compile: a network", [undefined, null, "network", [dense(2)], {}, dense(2)], (net) =>
    compile(net),
  ),
  "compile: precision and engine": () => regression({ precision: "exact", engine: new Uint8Array(9) }),
};

const named: Misuses = {
  ...eachOf(
    "compile: lossWeights of named outputs",
    [{ price: -1 }, { price: Number.NaN }, { price: "1" }, { prize: 1 }, 2, [1, 2]],
    (lossWeights) => pairModel({ lossWeights }),
  ),
  ...eachOf(
    "compile: metrics of named outputs",
    [["accuracy"], { kind: "accuracy" }, { prize: [] }, { price: ["accuracy"] }, 3],
    (given) => pairModel({ metrics: given }),
  ),
  ...eachOf(
    "compile: loss of named outputs",
    [{ prize: "huber" }, { price: null }, { price: "mse" }, "crossentropy", 3],
    (loss) => pairModel({ loss }),
  ),
  "compile: a weight of an output without a loss": () =>
    pairModel({ loss: { price: "huber" }, lossWeights: { kind: 1 } }),
  "compile: metrics of an output without a loss": () =>
    pairModel({ loss: { price: "huber" }, metrics: { kind: ["accuracy"] } }),
  "compile: one loss that does not fit all outputs": () => pairModel({ loss: "binaryCrossEntropy" }),
  "compile: means beside sums": () => pairModel({ loss: { price: "sumOfSquares", kind: "crossEntropy" } }),
};

const header = [0, 97, 115, 109, 1, 0, 0, 0];
// (module (import "env" "f" (func)))
const importing = [...header, 1, 4, 1, 96, 0, 0, 2, 9, 1, 3, 101, 110, 118, 1, 102, 0, 0];

const wholeModule = Uint8Array.from(header);
const forbidden = { compile: { value: () => Promise.reject(new WebAssembly.CompileError("blocked")) } };

/** Compiles while something of the platform is another. */
async function whileGlobal(name: "WebAssembly" | "process", stand: unknown, given: object = {}) {
  const original = Object.getOwnPropertyDescriptor(globalThis, name) as PropertyDescriptor;
  Object.defineProperty(globalThis, name, { value: stand, configurable: true, writable: true });
  try {
    return await regression(given);
  } finally {
    Object.defineProperty(globalThis, name, original);
  }
}

/** A worker of the web that answers its first message by telling its listeners of something else. */
const worker = (tell: (listeners: Map<string, (event: never) => void>) => void) => () => {
  const listeners = new Map<string, (event: never) => void>();
  return {
    addEventListener: (type: string, listener: (event: never) => void) => void listeners.set(type, listener),
    postMessage: () => void queueMicrotask(() => tell(listeners)),
    terminate: () => undefined,
  };
};

const platform: Misuses = {
  ...eachOf(
    "compile of wasmgrad/core: options",
    [undefined, {}, { engine: undefined }, { engine: 3 }],
    (given) => compileWithEngine(chain(), given),
  ),
  ...eachOf("compile: a worker that answers", [undefined, { protocol: 0 }, {}], (answer) =>
    regression({ worker: worker((heard) => heard.get("message")?.(wrong({ data: answer }))) }),
  ),
  "compile: another program's module": () => regression({ engine: wholeModule }),
  "compile: a module that imports": () => regression({ engine: Uint8Array.from(importing) }),
  "compile: a page that was not found": () => regression({ engine: new Response("", { status: 404 }) }),
  "compile: a promise of what is no engine": () => regression({ engine: Promise.resolve(3) }),
  "compile: without WebAssembly": () => whileGlobal("WebAssembly", undefined),
  "compile: without SIMD": () => whileGlobal("WebAssembly", { validate: () => false }),
  "compile: where compiling is forbidden": () =>
    whileGlobal("WebAssembly", Object.create(WebAssembly, forbidden), { engine: wholeModule }),
  "compile: a worker where there are none": () =>
    whileGlobal("process", { ...process, getBuiltinModule: () => undefined }, { worker: true }),
  ...eachOf("compile: the function of worker returns", [undefined, null, 3, {}], (made) =>
    regression({ worker: () => made }),
  ),
  "compile: a worker that fails": () =>
    regression({ worker: worker((heard) => heard.get("error")?.(wrong({ message: "no such script" }))) }),
  "compile: a worker that fails and does not say why": () =>
    regression({ worker: worker((heard) => heard.get("error")?.(wrong({}))) }),
  "compile: a worker that ends": () =>
    regression({ worker: worker((heard) => heard.get("close")?.(wrong({}))) }),
  "compile: a worker whose message cannot be read": () =>
    regression({ worker: worker((heard) => heard.get("messageerror")?.(wrong({}))) }),
};

const memory: Misuses = {
  "compile: a plan beyond memoryLimit": () => regression({ memoryLimit: 1000 }),
  "compile: a network beyond 32 bits": () =>
    compile(sequential(input(1_000_000), dense(1_000_000)), { loss: "meanSquaredError" }),
};

const paths: Misuses = {
  "compile: an output that no trained parameter changes": () => {
    const start = input(3);
    const outputs = { learned: dense(1)(start), fixed: dense(1, { trainable: false })(start) };
    return compile(network({ inputs: start, outputs }), { loss: "meanSquaredError" });
  },
  "compile: an output behind stopGradient": () => {
    const start = input(3);
    const stop = customLayer({ kind: "stop", build: ([h]) => stopGradient(h) });
    const outputs = { a: dense(1)(start), b: stop(dense(1)(start)) };
    return compile(network({ inputs: start, outputs }), { loss: "meanSquaredError" });
  },
  "compile: one output behind stopGradient": () =>
    compile(sequential(input(3), dense(2), customLayer({ kind: "stop", build: ([h]) => stopGradient(h) })), {
      loss: "meanSquaredError",
    }),
  "compile: a decay of a group whose parameters take none": () =>
    compile(sequential(input(3), prelu({ name: "slopes" })), {
      loss: "meanSquaredError",
      optimizer: sgd({ groups: { slopes: { weightDecay: 1 } } }),
    }),
};

export const compiling: Misuses = { ...options, ...named, ...platform, ...memory, ...paths };
