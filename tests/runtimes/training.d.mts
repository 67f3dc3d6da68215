import type * as wasmgrad from "../../src/index.js";

export const TRAINED_HASH: string;

export function trainedHash(
  library: typeof wasmgrad,
  fitOptions?: wasmgrad.FitOptions,
  seed?: number,
): Promise<string>;
