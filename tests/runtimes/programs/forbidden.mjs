// A page whose policy forbids compiling: the error says which directive is missing.
import { compile, dense, input, sequential, UnsupportedError } from "/node_modules/wasmgrad/dist/index.js";

async function refusal() {
  const error = await compile(sequential(input(1), dense(1))).catch((error) => error);
  const isSaid =
    error instanceof UnsupportedError && error.message.includes("'wasm-unsafe-eval' in script-src");
  return { passed: 1, failures: isSaid ? [] : [String(error)] };
}

globalThis.report = refusal();
