import type * as wasmgrad from "../../src/index.ts";
import type * as io from "../../src/io/index.ts";

export function bytesOf(length: number, seed?: number): Uint8Array<ArrayBuffer>;
export function checkStore(store: wasmgrad.Store, large?: number): Promise<void>;
export function checkTraining(
  entries: { readonly wasmgrad: typeof wasmgrad; readonly io: typeof io },
  store: wasmgrad.Store,
): Promise<void>;
