import type * as wasmgrad from "../../src/index.js";

export const MAPS_HASH: string;

export function mapsHash(library: typeof wasmgrad): Promise<string>;
