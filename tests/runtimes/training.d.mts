import type * as wasmgrad from "../../src/index.js";

export function trainedHash(
  library: typeof wasmgrad,
  fitOptions?: wasmgrad.FitOptions,
  seed?: number,
): Promise<string>;
