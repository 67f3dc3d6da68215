import type * as wasmgrad from "../../src/index.js";

export const LONG_SUMS_HASH: string;

export function longSumsHash(library: typeof wasmgrad): Promise<string>;
