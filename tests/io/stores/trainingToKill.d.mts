import type { Model } from "../../../src/index.ts";

export const data: { readonly x: number[][]; readonly y: number[][] };
export const EPOCHS: number;
export function model(): Promise<Model>;
