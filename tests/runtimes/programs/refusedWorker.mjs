// A worker bundled without the export condition of its runtime: the error names it.
import { compile, dense, input, sequential, UnsupportedError } from "wasmgrad";

export default {
  async fetch() {
    const error = await compile(sequential(input(1), dense(1))).catch((error) => error);
    const isSaid = error instanceof UnsupportedError && error.message.includes("export condition workerd");
    return Response.json({ passed: 1, failures: isSaid ? [] : [String(error)] });
  },
};
