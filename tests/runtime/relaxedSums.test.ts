/**
 * Long sums in the relaxed build, by records that are written by hand. Node 20 has its instructions behind a flag, which
 * is set while the module is compiled, so that this build is tested there too.
 */
import { setFlagsFromString } from "node:v8";
import { describe, expect, it } from "vitest";
import { Control, Status } from "../../assembly/isa/control.ts";
import { CHUNK_FLOATS, CHUNK_ROWS, SUM_CHUNKS } from "../../assembly/isa/limits.ts";
import { ReduceOp, ReduceOuterRecord, ReduceRecord } from "../../assembly/isa/reduce.ts";
import { GradientNormRecord, StepOp } from "../../assembly/isa/step.ts";
import { bytesOf } from "../../src/runtime/code.ts";
import { Engine } from "../../src/runtime/engine.ts";
import { core } from "../cases/engine.ts";

async function compileRelaxed(): Promise<WebAssembly.Module> {
  const { default: hex } = await import("../../build/engine/relaxed.js");
  const bytes = bytesOf(hex);
  if (WebAssembly.validate(bytes)) return new WebAssembly.Module(bytes);
  setFlagsFromString("--experimental-wasm-relaxed-simd");
  const module = new WebAssembly.Module(bytes);
  setFlagsFromString("--no-experimental-wasm-relaxed-simd");
  return module;
}

const relaxed = await compileRelaxed();

/** An engine with n floats, and what a record writes. */
class Bench {
  readonly #engine: Engine;
  readonly #at: Record<"control" | "record" | "scratch" | "x" | "y", number>;

  constructor(module: WebAssembly.Module, x: Float32Array) {
    this.#engine = new Engine(module);
    const control = this.#engine.heapBase;
    const [record, scratch] = [control + 1024, control + 2048];
    const y = scratch + (1 << 16);
    this.#at = { control, record, scratch, y, x: y + (1 << 16) };
    this.#engine.growTo(this.#at.x + 4 * x.length + 64);
    this.#engine.floats(this.#at.x, x.length).set(x);
    this.#engine.u32[(control + Control.scratch) >>> 2] = scratch;
    this.#engine.f32[(control + Control.learningRate) >>> 2] = 1e-3;
  }

  #execute(op: number, words: number, operands: readonly (readonly [number, number])[]): void {
    const record = new Uint32Array(words);
    record.set([op, words]);
    for (const [field, value] of operands) record[field] = value;
    this.#engine.u32.set(record, this.#at.record >>> 2);
    expect(this.#engine.execute(this.#at.control, this.#at.record)).toBe(Status.Ok);
  }

  /** Of x [outer, inner] along its last axis. */
  rows(op: ReduceOp, outer: number, inner: number): Float32Array {
    const { x, y } = this.#at;
    const { y: toY, x: toX } = ReduceRecord;
    const counts = [
      [ReduceRecord.outer, 2 * outer],
      [ReduceRecord.inner, 2 * inner],
    ] as const;
    this.#execute(op, ReduceRecord.words, [[toY, y], [toX, x], ...counts]);
    return this.#engine.floats(y, outer).slice();
  }

  /** Of x [outer, inner] along its first axis. */
  columns(op: ReduceOp, outer: number, inner: number): Float32Array {
    const { x, y } = this.#at;
    this.#execute(op, ReduceOuterRecord.words, [
      [ReduceOuterRecord.y, y],
      [ReduceOuterRecord.x, x],
      [ReduceOuterRecord.batch, 2],
      [ReduceOuterRecord.outer, 2 * outer],
      [ReduceOuterRecord.inner, 2 * inner],
    ]);
    return this.#engine.floats(y, inner).slice();
  }

  norm(n: number): number {
    const { x, control } = this.#at;
    this.#execute(StepOp.GradientNorm, GradientNormRecord.words, [
      [GradientNormRecord.gradient, x],
      [GradientNormRecord.parameter, x],
      [GradientNormRecord.count, 2 * n],
    ]);
    return this.#engine.f64[(control + Control.gradientNorm) >>> 3] as number;
  }
}

/** −1 to 1, none like its neighbors. */
const numbers = (n: number) =>
  Float32Array.from({ length: n }, (_, i) => (((i * 2654435761) >>> 8) % 4001) / 2000 - 1);

const lengthsOf = (grain: number) =>
  [1, 7, grain - 1, grain, grain + 1, 7 * grain + 3, SUM_CHUNKS * grain, SUM_CHUNKS * grain + 1] as const;

describe("long sums in the relaxed build", () => {
  it.each(lengthsOf(CHUNK_FLOATS))(
    "have the bits of the exact build, and the norm is right, of %i floats",
    (n) => {
      const x = numbers(n);
      const [fast, exact] = [new Bench(relaxed, x), new Bench(core, x)];
      for (const op of [ReduceOp.SumInner, ReduceOp.MeanInner]) {
        expect(fast.rows(op, 1, n)).toEqual(exact.rows(op, 1, n));
      }
      const norm = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
      // Squares are fused with their sum: another rounding, as near, and the same each time.
      expect(Math.abs(fast.norm(n) / norm - 1)).toBeLessThan(1e-6);
      expect(fast.norm(n)).toBe(fast.norm(n));
    },
  );

  it.each(lengthsOf(CHUNK_ROWS))("have the bits of the exact build, of columns of %i rows", (rows) => {
    const x = numbers(rows * 19);
    const [fast, exact] = [new Bench(relaxed, x), new Bench(core, x)];
    for (const op of [ReduceOp.SumOuter, ReduceOp.MeanOuter]) {
      expect(fast.columns(op, rows, 19)).toEqual(exact.columns(op, rows, 19));
    }
  });
});
