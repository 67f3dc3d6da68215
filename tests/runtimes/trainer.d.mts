import type * as wasmgrad from "../../src/index.js";

export const TRAINER_HASH: string;

export function trainerHash(library: typeof wasmgrad): Promise<string>;
