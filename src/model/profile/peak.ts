/** What this thread could multiply at most: twelve chains of multiplications and additions that stay in registers. */
import type { Stopwatch } from "./clock.js";

/** As many chains as cover the latency and leave V8 registers: see bench/peak.ts. */
const CHAINS = 12;
const LANES = 4;
/** Turns of the loop in a call, so that the call itself costs nothing. */
const TURNS = 10_000;

// The binary format: https://webassembly.github.io/spec/core/binary/
const I32 = 0x7f;
const F32 = 0x7d;
const V128 = 0x7b;
const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const SPLAT = [0xfd, 0x13];
const MULTIPLY = [0xfd, 0xe6, 0x01];
const ADD = [0xfd, 0xe4, 0x01];
const FIRST_LANE = [0xfd, 0x1f, 0x00];

const leb = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...leb(n >>> 7)]);
const sized = (bytes: readonly number[]) => [...leb(bytes.length), ...bytes];
const section = (id: number, bytes: readonly number[]) => [id, ...sized(bytes)];

/** `peak(turns: i32, factor: f32, addend: f32): f32`: each chain is c = c · factor + addend. */
function moduleBytes(): Uint8Array<ArrayBuffer> {
  const [turns, factor, addend, factors, addends, first] = [0, 1, 2, 3, 4, 5];
  const chains = Array.from({ length: CHAINS }, (_, i) => (first as number) + i);
  const chain = (c: number) => [...get(c), ...get(3), ...MULTIPLY, ...get(4), ...ADD, ...set(c)];
  const code = [
    ...[...get(factor as number), ...SPLAT, ...set(factors as number)],
    ...[...get(addend as number), ...SPLAT, ...set(addends as number)],
    // loop … turns -= 1, br_if 0 … end
    ...[0x03, 0x40, ...chains.flatMap(chain)],
    ...[...get(turns as number), 0x41, 0x01, 0x6b, 0x22, turns as number, 0x0d, 0x00, 0x0b],
    // The sum of all, so that none is dead.
    ...[...get(first as number), ...chains.slice(1).flatMap((c) => [...get(c), ...ADD]), ...FIRST_LANE, 0x0b],
  ];
  const locals = [1, CHAINS + 2, V128];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 3, I32, F32, F32, 1, F32]),
    ...section(3, [1, 0]),
    ...section(7, [1, 1, 0x70, 0, 0]),
    ...section(10, [1, ...sized([...locals, ...code])]),
  ]);
}

/** Multiplications a second, each with an addition; undefined where code cannot be compiled from bytes. */
export function peakRate(stopwatch: Stopwatch): number | undefined {
  let exported: WebAssembly.Exports;
  try {
    exported = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes())).exports;
  } catch {
    return undefined;
  }
  const peak = exported.p as (turns: number, factor: number, addend: number) => number;
  const run = (times: number) => {
    for (let i = 0; i < times; i++) peak(TURNS, 0.999, 1e-3);
    return times;
  };
  // Once for the optimizing compiler.
  stopwatch.fastest(run);
  const milliseconds = stopwatch.fastest(run);
  return milliseconds && (TURNS * CHAINS * LANES * 1000) / milliseconds;
}
