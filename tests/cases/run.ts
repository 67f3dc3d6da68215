/** Drives the real engine on any graph: plan, lower, verify, encode, load, run, read. */
import { Control, Method, SourceKind, SourceRecord, Status, StepRecord } from "../../assembly/isa/control.ts";
import { LOG_STEPS, SUM_SLOTS } from "../../assembly/isa/limits.ts";
import { encode, encodedWords } from "../../src/compile/encode.ts";
import { align, type Instruction, type Place, type SegmentBytes } from "../../src/compile/instruction.ts";
import { lower } from "../../src/compile/lower.ts";
import { type Plan, plan } from "../../src/compile/memory/plan.ts";
import { scratchBytes } from "../../src/compile/memory/scratch.ts";
import { verify } from "../../src/compile/verify/verify.ts";
import {
  type ConstantAttributes,
  constant,
  type Parameter,
  parameter,
} from "../../src/graph/primitives/step/source.ts";
import type { Feed } from "../../src/graph/reference/definition.ts";
import { schedule } from "../../src/graph/schedule.ts";
import { elements, sizeOf } from "../../src/graph/shape.ts";
import type { Value } from "../../src/graph/value.ts";
import { splitSeed } from "../../src/numeric/random.ts";
import { Engine } from "../../src/runtime/engine.ts";
import { core, families } from "./engine.ts";

export interface EngineFeed extends Feed {
  readonly sources?: readonly (Float32Array | Uint8Array)[];
  readonly parameters?: ReadonlyMap<Parameter, Float32Array>;
}

export interface Options {
  /** Rows that the plan has room for. */
  readonly maxRows: number;
  /** false gives every value a buffer of its own, and checks that no kernel writes past its result. */
  readonly sharing?: boolean;
  /** The values in the order in which they are computed, where that is not the roots' own. */
  readonly order?: readonly Value[];
}

/** A NaN that no kernel produces: whoever reads what nobody wrote shows it, whoever writes too far erases it. */
const POISON = 0x7fdeadad;
const GUARD_BYTES = 256;

const engine = new Engine(core);
for (const [family, module] of families) engine.link(family, module);

const isConstant = ({ op }: Value) => (op as unknown) === constant;
/** Whether a value lies in memory before the program runs. */
const isParameter = (value: Value) => (value.op as unknown) === parameter || isConstant(value);

/** A graph as a loaded program. Only one is loaded at a time: `run` loads it anew. */
export class GraphProgram {
  readonly instructions: readonly Instruction[];
  readonly segments: SegmentBytes;
  readonly plan: Plan;
  readonly #roots: readonly Value[];
  readonly #order: readonly Value[];
  readonly #options: Options;

  constructor(roots: readonly Value[], options: Options) {
    this.#roots = roots;
    this.#options = options;
    this.#order = options.order ?? schedule(roots);
    const pinned = new Map<Value, Place>();
    let parameters = 0;
    this.#order.forEach((value, content) => {
      if (!isParameter(value)) return;
      const size = sizeOf(value.shape);
      const bytes = align(size.factor * 4);
      pinned.set(value, { segment: "parameters", offset: parameters, bytes, size, content });
      parameters += bytes;
    });
    const input = { order: this.#order, pinned, kept: new Set(roots), rows: options.maxRows };
    this.plan = options.sharing === false ? separate(input) : plan(input);
    this.instructions = lower(this.#order, this.plan.places);
    this.segments = {
      parameters,
      gradients: 0,
      slots: 0,
      arena: this.plan.arenaBytes,
      scratch: scratchBytes(this.instructions, options.maxRows),
    };
    verify(this.instructions, this.segments, this.#placesOf(isParameter));
  }

  #placesOf(wanted: (value: Value) => boolean): Place[] {
    return this.#order.filter(wanted).map((value) => this.#place(value));
  }

  #place(value: Value): Place {
    return this.plan.places.get(value) as Place;
  }

  /** Executes the program once and returns the roots; of a report what it added to its sum. */
  run(feed: EngineFeed): Float32Array[] {
    const loaded = this.load(feed);
    const status = loaded.step();
    if (status !== Status.Ok) throw new Error(`run: status ${status}.`);
    const results = this.#roots.map((root) => {
      if (root.op.effect) return loaded.sum((root.attributes as { slot: number }).slot);
      return loaded.floats(this.#place(root), elements(root.shape, feed.rows)).slice();
    });
    loaded.check(feed);
    return results;
  }

  /** Puts program and data into linear memory. */
  load(feed: EngineFeed) {
    const sources = feed.sources ?? [];
    let end = align(engine.heapBase);
    const take = (bytes: number) => {
      const start = end;
      end += align(bytes);
      return start;
    };
    const control = take(Control.bytes);
    const table = take(SourceRecord.bytes * sources.length);
    const log = take(StepRecord.bytes * LOG_STEPS);
    const method = take(encodedWords(this.instructions) * 4);
    const { segments } = this;
    const bases = {
      parameters: take(segments.parameters),
      gradients: end,
      slots: end,
      arena: take(segments.arena),
      scratch: take(segments.scratch),
    };
    const guard = take(GUARD_BYTES);
    const staged = sources.map(({ byteLength }) => take(byteLength));
    engine.growTo(end);
    engine.u32.fill(0, control >> 2, method >> 2);
    engine.u32.fill(POISON, bases.parameters >> 2, (guard + GUARD_BYTES) >> 2);
    engine.u32.set(encode(this.instructions, bases), method >> 2);
    const setU32 = (field: Control, value: number) => {
      engine.u32[(control + field) >> 2] = value;
    };
    const [seedLow, seedHigh] = splitSeed(feed.seed ?? 0);
    setU32(Control.batchRows, this.#options.maxRows);
    setU32(Control.stagedRows, feed.rows);
    setU32(Control.seedLow, seedLow);
    setU32(Control.seedHigh, seedHigh);
    setU32(Control.step, feed.step ?? 0);
    setU32(Control.log, log);
    setU32(Control.scratch, bases.scratch);
    setU32(Control.sources, table);
    setU32(Control.methods + 4 * Method.Predict, method);
    sources.forEach((values, slot) => {
      const address = staged[slot] as number;
      const isBytes = values instanceof Uint8Array;
      engine.u32.set(
        [address, isBytes ? SourceKind.U8 : SourceKind.F32],
        (table + slot * SourceRecord.bytes) >> 2,
      );
      if (isBytes) engine.u8.set(values, address);
      else engine.f32.set(values, address >> 2);
    });
    const floats = ({ segment, offset }: Place, count: number) =>
      engine.floats(bases[segment] + offset, count);
    for (const value of this.#order.filter(isParameter)) {
      const values = isConstant(value)
        ? (value.attributes as ConstantAttributes).values
        : feed.parameters?.get(value.attributes as Parameter);
      if (values === undefined) throw new Error("run: a parameter has no values.");
      floats(this.#place(value), values.length).set(values);
    }
    return {
      /** One more step over the same rows. */
      step: () => {
        setU32(Control.cursor, 0);
        return engine.run(control, Method.Predict, 1);
      },
      floats,
      sum: (slot: number) => {
        if (slot >= SUM_SLOTS) throw new Error(`run: there is no sum ${slot}.`);
        return Float32Array.of(engine.f64[((control + Control.sums) >> 3) + slot] as number);
      },
      check: ({ parameters, rows }: EngineFeed) => {
        const poisoned = (from: number, to: number) =>
          engine.u32.subarray(from >> 2, to >> 2).every((word) => word === POISON);
        if (!poisoned(guard, guard + GUARD_BYTES))
          throw new Error("run: something wrote past the last segment.");
        for (const value of this.#order) {
          const { segment, offset, bytes } = this.#place(value) ?? { segment: "arena", offset: 0, bytes: 0 };
          const own = isParameter(value) || this.#options.sharing === false;
          if (!own || value.op.effect) continue;
          const start = bases[segment] + offset;
          if (!poisoned(start + elements(value.shape, rows) * 4, start + bytes)) {
            throw new Error(`run: something wrote past the result of ${value.op.name}.`);
          }
          const values = isParameter(value) && parameters?.get(value.attributes as Parameter);
          if (values && !sameBits(values, engine.floats(start, values.length))) {
            throw new Error("run: something wrote into a parameter.");
          }
        }
      },
    };
  }
}

const words = (values: Float32Array) => new Uint32Array(values.buffer, values.byteOffset, values.length);

/** Whether two arrays are the same to the bit; -0 is not 0, and a NaN is itself. */
export function sameBits(a: Float32Array, b: Float32Array): boolean {
  const [wordsA, wordsB] = [words(a), words(b)];
  return wordsA.length === wordsB.length && wordsA.every((word, i) => word === wordsB[i]);
}

/** The plan without a plan: every value that is no view lies by itself. */
function separate({ order, pinned, rows }: Parameters<typeof plan>[0]): Plan {
  const places = new Map<Value, Place>();
  let arenaBytes = 0;
  order.forEach((value, content) => {
    if (value.op.effect) return;
    const shown = value.op.view ? places.get(value.inputs[0] as Value) : pinned.get(value);
    const bytes = align(elements(value.shape, rows) * 4);
    places.set(
      value,
      shown ?? { segment: "arena", offset: arenaBytes, bytes, size: sizeOf(value.shape), content },
    );
    if (shown === undefined) arenaBytes += bytes;
  });
  return { places, arenaBytes, lifetimes: [] };
}
