import { Control, Method, Status } from "../../../assembly/isa/control.js";
import { encode } from "../../compile/encode.js";
import { align, type Instruction, isPlace, type Place } from "../../compile/instruction.js";
import { floatsOf, writtenBy } from "../../compile/work.js";
import { placesOf } from "../../io/snapshot/take.js";
import { splitSeed } from "../../numeric/random.js";
import type { ExampleTables } from "../../rows/examples.js";
import { LocalPort } from "../../runtime/local.js";
import { Machine, type Staged, startPass } from "../../runtime/machine.js";
import type { RunReply } from "../../runtime/port.js";
import { divergedError } from "../../train/diverged.js";
import { stageChunk, stagedRoom } from "../chunks.js";
import type { ModelState } from "../state.js";

/** Records of one instruction that follow each other, so that a call into the engine is no part of its time. */
const COPIES = 64;
/** The entry point that is free for them: a model's weights are initialized long since. */
const REPEATED = Method.Initialize;

/**
 * The program of a model with its weights and slots in a memory of its own, over rows that stay: what is run in it changes
 * nothing in the model, and it trains with a learning rate of 0.
 */
export class Twin {
  readonly machine: Machine;
  readonly #port: LocalPort;
  readonly #method: Method;
  readonly #staged: Staged;
  /** Weights and slots as they were. */
  readonly #kept: Float32Array;
  /** Where results go that would be written over what they are made of, and where records are repeated. */
  readonly #spare: number;
  readonly #records: number;

  /** @throws OutOfMemoryError when there is no room for a second memory */
  static async open(state: ModelState, examples: ExampleTables, rows: number): Promise<Twin> {
    const { core, family } = state.modules;
    const { settings, programs } = state;
    const port = new LocalPort(core);
    const make = programs.maker({ forms: examples.forms, rows, accumulates: false });
    const limitBytes = settings.memoryLimit;
    const machine = new Machine(port, make, { family, limitBytes, seed: splitSeed(settings.seed) });
    await machine.link();
    copyState(state, machine);
    // Some optimizers do in their first step what they do never again.
    machine.step = state.step + 1;
    return new Twin(machine, port, examples, rows);
  }

  private constructor(machine: Machine, port: LocalPort, { tables }: ExampleTables, rows: number) {
    this.machine = machine;
    this.#port = port;
    const { methods } = machine.program;
    this.#method = (methods[Method.Train]?.length ?? 0) > 0 ? Method.Train : Method.Predict;
    const bytes = stagedRoom(tables, rows);
    const address = machine.reserve(bytes);
    const most = (of: (one: Instruction) => number) => Math.max(0, ...this.instructions.map(of));
    this.#spare = address + bytes;
    this.#records = this.#spare + align(most((one) => 4 * floatsOf(resultOf(one) ?? null, rows)));
    port.growTo(this.#records + (COPIES + 1) * 4 * most(({ kind }) => kind.record.words));
    this.#staged = stageChunk(machine, address, tables, 0, rows, rows);
    const { parameters, arena } = machine.layout.bases;
    this.#kept = port.view(parameters, (arena - parameters) / 4).slice();
  }

  /** Those of a training step, or of `predict` where there is no loss. */
  get instructions(): readonly Instruction[] {
    return this.machine.program.methods[this.#method] ?? [];
  }

  /** Bytes of one element of each source, by its slot. */
  get elementBytes(): readonly number[] {
    return this.#staged.sources.map(({ kind }) => (kind === 0 ? 4 : 1));
  }

  /** Makes whole steps, as many as asked. @throws DivergedError, DataError for what the step cannot do */
  steps(times: number): number {
    const reply = this.#run(this.#method);
    if (reply.status === Status.Diverged) throw divergedError(this.machine, reply, 0);
    if (reply.status !== Status.Ok) throw this.machine.indexError(this.#method, reply);
    for (let i = 1; i < times; i++) this.#again(this.#method);
    return times;
  }

  /** Puts weights, slots and the number of the step back. */
  reset(): void {
    const { layout, step } = this.machine;
    this.#port.write(layout.bases.parameters, this.#kept);
    this.#port.engine.u32[(layout.control + Control.step) >>> 2] = step;
  }

  /**
   * Runs an instruction on what those before it have left, as often as `repeat` wants, and leaves all as if it had run once.
   *
   * @param repeat is given what makes so many runs or more, and says how many; 0 when it failed
   */
  perform<T>(one: Instruction, rows: number, repeat: (run: (times: number) => number) => T): T {
    const places = writtenBy(one).flatMap((field) => {
      const place = one.operands[field] ?? null;
      return place !== null && isPlace(place) ? [place] : [];
    });
    const kept = places.map((place) => this.machine.floats(place, floatsOf(place, rows)).slice());
    const words = this.#lay(one, this.#isInPlace(one, rows));
    const repeated = repeat((times) => this.#repeat(times, words));
    places.forEach((place, i) => {
      this.machine.write(place, kept[i] as Float32Array);
    });
    this.#lay(one, false);
    this.#repeat(1, words);
    return repeated;
  }

  /** Whether a second run would not find what the first found. */
  #isInPlace(one: Instruction, rows: number): boolean {
    const result = resultOf(one);
    if (result === undefined) return false;
    const end = (place: Place) => place.offset + 4 * floatsOf(place, rows);
    return one.kind.reads.some((field) => {
      const read = one.operands[field] ?? null;
      if (read === null || !isPlace(read) || read.segment !== result.segment) return false;
      return read.offset < end(result) && result.offset < end(read);
    });
  }

  /** Writes the records; the number of words of each. */
  #lay(one: Instruction, isElsewhere: boolean): number {
    const encoded = encode([one], this.machine.layout.bases);
    const { record, result } = one.kind;
    const { words } = record;
    if (isElsewhere && result !== null) {
      encoded[(record as unknown as Record<string, number>)[result] as number] = this.#spare;
    }
    const own = encoded.subarray(0, words);
    for (let i = 0; i < COPIES - 1; i++) this.#port.write(this.#records + i * 4 * words, own);
    this.#port.write(this.#records + (COPIES - 1) * 4 * words, encoded);
    return words;
  }

  /** Runs the last ones of the records. */
  #repeat(times: number, words: number): number {
    const copies = Math.min(COPIES, times);
    const { control } = this.machine.layout;
    const start = this.#records + (COPIES - copies) * 4 * words;
    this.#port.engine.u32[(control + Control.methods + 4 * REPEATED) >>> 2] = start;
    const calls = Math.ceil(times / copies);
    for (let i = 0; i < calls; i++) if (this.#again(REPEATED) !== Status.Ok) return 0;
    return calls * copies;
  }

  #run(method: Method): RunReply {
    const { rows } = this.#staged;
    const run = { staged: this.#staged, pass: startPass(), batchRows: rows, steps: 1 };
    // Weights stay, and no update can leave the range of f32.
    return this.#port.run(this.machine.request(method, { ...run, rates: new Float32Array(1) }));
  }

  /** The same once more, without what a call of it costs the host. */
  #again(method: Method): Status {
    const { engine } = this.#port;
    const { control } = this.machine.layout;
    engine.u32[(control + Control.cursor) >>> 2] = 0;
    return engine.run(control, method, 1);
  }
}

function resultOf({ kind, operands }: Instruction): Place | undefined {
  const result = kind.result === null ? null : (operands[kind.result] ?? null);
  return result !== null && isPlace(result) ? result : undefined;
}

/** Weights and slots of a model, as they are known here. */
function copyState(state: ModelState, to: Machine): void {
  const from = state.machine("profile");
  const copies = placesOf(state, to);
  placesOf(state, from).forEach(({ places, shape }, i) => {
    const count = shape.reduce((all, axis) => all * axis, 1);
    places.forEach((place, slot) => {
      const copy = copies[i]?.places[slot];
      if (copy !== undefined) to.write(copy, from.floats(place, count));
    });
  });
}
