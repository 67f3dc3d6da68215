import type * as ops from "../../src/functions/index.js";
import type * as wasmgrad from "../../src/index.js";

export const TRAINED_HASH: string;
export const FUNCTIONS_HASH: string;

export function trainedHash(
  library: typeof wasmgrad,
  fitOptions?: wasmgrad.FitOptions,
  seed?: number,
): Promise<string>;

export function functionsHash(library: typeof wasmgrad, functions: typeof ops): Promise<string>;
