/**
 * Our matmul against tf.matMul of tfjs-wasm, in one run and alternating: A·B, Aᵀ·B and A·Bᵀ.
 *
 *   node tfjsMatmul.mjs [--rounds=7] [--json]
 *
 * Both run in this process, each over memory of its own. tf.matMul on the wasm backend works before it
 * returns; its result is disposed at once and so reuses the same memory. The products are compared
 * before they are timed.
 */
import { readArguments } from "./peers/arguments.mjs";
import { compileEngine } from "./peers/engine.mjs";
import { figure, printTable } from "./peers/table.mjs";
import { matmul as tfjsMatmul } from "./peers/tfjs.mjs";
import { median } from "./peers/timing.mjs";

const options = readArguments({ rounds: 7 });

// The codes of assembly/isa/matmul.ts.
const forms = { nn: { code: 0, name: "A·B" }, tn: { code: 1, name: "Aᵀ·B" }, nt: { code: 2, name: "A·Bᵀ" } };
const noActivation = 0;

/** What the issue asks of 512³: tfjs's time over ours. */
const targets = { nn: 1.2, tn: 10, nt: 10 };

const cubes = [512, 256].flatMap((n) => ["nn", "tn", "nt"].map((form) => ({ form, m: n, n, k: n })));
// Forward, weight gradient and input gradient of each layer of the MLP at batch 64.
const mlp = [
  [784, 256],
  [256, 128],
  [128, 10],
].flatMap(([inputs, units]) => [
  { form: "nn", m: 64, n: units, k: inputs },
  { form: "tn", m: inputs, n: units, k: 64 },
  { form: "nt", m: 64, n: inputs, k: units },
]);

async function oursMatmul() {
  const { matmul, heapBase, memory } = await compileEngine("matmulEntry");
  const start = Math.ceil(heapBase() / 64) * 64;
  const slot = 4 << 20;
  memory.grow(512);
  const [y, a, b, scratch] = [0, 1, 2, 3].map((i) => start + i * slot);
  return ({ form, m, n, k }) => {
    const operands = new Float32Array(memory.buffer, a, (2 * slot) / 4);
    for (let i = 0; i < operands.length; i++) operands[i] = ((i * 2654435761) % 4096) / 4096;
    const multiply = () => matmul(forms[form].code, y, a, b, 0, m, n, k, noActivation, scratch);
    return {
      multiply,
      a: new Float32Array(memory.buffer, a, m * k),
      b: new Float32Array(memory.buffer, b, k * n),
      result: () => {
        multiply();
        return new Float32Array(memory.buffer, y, m * n);
      },
    };
  };
}

function secondsOf(run, repeat) {
  const start = performance.now();
  for (let i = 0; i < repeat; i++) run();
  return (performance.now() - start) / 1000 / repeat;
}

const prepareOurs = await oursMatmul();
const { prepare: prepareTfjs } = await tfjsMatmul();

function measure(shape) {
  const { form, m, n, k } = shape;
  const flops = 2 * m * n * k;
  const ours = prepareOurs(shape);
  const peer = prepareTfjs({ ...shape, a: ours.a, b: ours.b });
  const expected = peer.result();
  for (const [i, value] of ours.result().entries()) {
    // Both sum k products below 1 in f32, in another order.
    if (!(Math.abs(value - expected[i]) <= 1e-5 * k))
      throw new Error(`${form} differs at ${i}: ${value}, ${expected[i]}`);
  }
  const repeats = [ours, peer].map(({ multiply }) => {
    secondsOf(multiply, 3);
    return Math.max(1, Math.round(0.05 / secondsOf(multiply, 5)));
  });
  const rounds = Array.from({ length: options.rounds }, () => ({
    ours: secondsOf(ours.multiply, repeats[0]),
    peer: secondsOf(peer.multiply, repeats[1]),
  }));
  peer.free();
  const oursGflops = flops / median(rounds.map((round) => round.ours)) / 1e9;
  const tfjsGflops = flops / median(rounds.map((round) => round.peer)) / 1e9;
  const ratio = median(rounds.map((round) => round.peer / round.ours));
  const target = m === 512 && n === 512 && k === 512 ? targets[form] : undefined;
  return { form: forms[form].name, m, n, k, oursGflops, tfjsGflops, ratio, target };
}

for (const form of ["nn", "tn", "nt"]) {
  const { multiply } = prepareOurs({ form, m: 256, n: 256, k: 256 });
  secondsOf(multiply, 200);
}
const rows = [...cubes, ...mlp].map(measure);

if (options.json) {
  console.log(JSON.stringify({ bench: "tfjsMatmul", node: process.version, v8: process.versions.v8, rows }));
} else {
  printTable(
    "matmul: ours against tf.matMul on tfjs-wasm",
    ["form", "m × n × k", "ours GFLOP/s", "tfjs GFLOP/s", "ours is × faster", "needs"],
    rows.map(({ form, m, n, k, oursGflops, tfjsGflops, ratio, target }) => [
      form,
      `${m} × ${n} × ${k}`,
      figure(oursGflops),
      figure(tfjsGflops),
      figure(ratio),
      target === undefined ? "" : `${target}${ratio < target ? " ✗" : ""}`,
    ]),
  );
}
