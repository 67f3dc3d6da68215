/** A network as a loaded machine, without the model around it: for laws of programs and of the interpreter. */
import { type Control, Method, SourceKind, type Status, StepRecord } from "../../assembly/isa/control.ts";
import { align } from "../../src/compile/instruction.ts";
import type { Parameter } from "../../src/graph/primitives/step/source.ts";
import { sizeOf } from "../../src/graph/shape.ts";
import type { Loss } from "../../src/losses/index.ts";
import { chooseMetric, type MetricName } from "../../src/metrics/engine/index.ts";
import { RARE } from "../../src/metrics/engine/rare.ts";
import { ModelState } from "../../src/model/state.ts";
import type { AnyNetwork as Network } from "../../src/network/description.ts";
import type { Optimizer } from "../../src/optimizers/optimizer.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { LocalPort } from "../../src/runtime/local.ts";
import type { Machine, Pass, Staged } from "../../src/runtime/machine.ts";
import { startPass } from "../../src/runtime/machine.ts";
import type { RunReply, StepLog } from "../../src/runtime/port.ts";
import * as training from "../../src/train/training.ts";
import { core, families } from "./engine.ts";

const allLinked = (): never => {
  throw new Error("test: all families are linked.");
};

export interface LoadOptions {
  readonly loss?: Loss;
  readonly optimizer?: Optimizer;
  readonly metrics?: readonly MetricName[];
  readonly clipNorm?: number;
  /** Limit of each element of the gradient, and of the norm of each parameter's. */
  readonly clipParts?: number;
  readonly seed?: number;
  /** Rows that the plan has room for. */
  readonly rows: number;
  /** Whether steps are taken in micro-batches of so many rows. */
  readonly accumulates?: boolean;
}

export interface Data {
  readonly x: Float32Array | Uint8Array;
  readonly y?: Float32Array | Uint8Array;
  readonly order?: Uint32Array;
  readonly rows: number;
}

export class Loaded {
  readonly machine: Machine;
  readonly port: LocalPort;
  readonly #parameters: readonly Parameter[];

  constructor(network: Network, options: LoadOptions) {
    const { loss, optimizer = sgd(), metrics = [], clipNorm = 0, clipParts = 0, seed = 0, rows } = options;
    const memoryLimit = 2 ** 30;
    this.port = new LocalPort(core);
    for (const [family, module] of families) this.port.link(family, module);
    const state = new ModelState(
      this.port,
      { core, family: allLinked },
      {
        network,
        outputs: [
          {
            name: "output",
            index: 0,
            loss,
            weight: 1,
            metrics: metrics.map((one) => chooseMetric(one, RARE)),
          },
        ],
        isSingle: true,
        lossLayers: [],
        optimizer,
        clipping: { norm: clipNorm, value: clipParts, parameterNorm: clipParts },
        seed,
        rows,
        memoryLimit,
      },
      loss && training,
    );
    if (options.accumulates && loss) {
      const form = loss.targets(network.outputs[0]!.shape)[0]!;
      state.load("test", [form], rows, { accumulates: true });
    }
    this.machine = state.machine("test");
    this.#parameters = state.parameters;
    this.run(Method.Initialize, { rows: 1, epochRows: 0, sources: [], order: 0 }, { batchRows: 1 });
  }

  /** Puts rows behind the plan. */
  stage({ x, y, order, rows }: Data): Staged {
    const { machine } = this;
    const tables = [x, ...(y ? [y] : [])];
    const bytes = [...tables, order].reduce((sum, one) => sum + align(one?.byteLength ?? 0), 0);
    let at = machine.reserve(bytes);
    const take = (table: ArrayBufferView) => {
      const address = at;
      this.port.engine.u8.set(new Uint8Array(table.buffer, table.byteOffset, table.byteLength), address);
      at += align(table.byteLength);
      return address;
    };
    const sources = tables.map((table) => ({
      address: take(table),
      kind: table instanceof Uint8Array ? SourceKind.U8 : SourceKind.F32,
    }));
    return { rows, epochRows: 0, sources, order: order ? take(order) : 0 };
  }

  run(
    method: Method,
    staged: Staged,
    { batchRows, steps = 1, learningRate = 0, pass = startPass() }: RunOptions,
  ): { status: Status; pass: Pass } {
    const rates = new Float32Array(steps).fill(learningRate);
    const reply = this.machine.run(method, { staged, pass, batchRows, steps, rates }) as RunReply;
    return { status: reply.status, pass };
  }

  /** A field of the control block. */
  u32(field: Control): number {
    return this.port.engine.u32[(this.machine.layout.control + field) >>> 2]!;
  }

  f64(field: Control): number {
    return this.port.engine.f64[(this.machine.layout.control + field) >>> 3]!;
  }

  /** What the log says of a step of the last run. */
  stepRecord(step: number): StepLog {
    const { engine } = this.port;
    const entry = this.machine.layout.log + step * StepRecord.bytes;
    return {
      rows: engine.u32[(entry + StepRecord.rows) >>> 2]!,
      loss: engine.f64[(entry + StepRecord.loss) >>> 3]!,
      gradientNorm: engine.f64[(entry + StepRecord.gradientNorm) >>> 3]!,
    };
  }

  /** A copy of what predict has made of those rows. */
  predict(data: Data): Float32Array {
    const { machine } = this;
    const output = machine.program.results[0]!;
    this.run(Method.Predict, this.stage(data), { batchRows: data.rows });
    return machine.floats(output, output.size.factor * data.rows).slice();
  }

  /** A view on each parameter, valid until the memory grows. */
  get weights(): Map<Parameter, Float32Array> {
    return this.#views("parameters");
  }

  /** A view on each parameter's gradient. */
  get gradients(): Map<Parameter, Float32Array> {
    return this.#views("gradients");
  }

  #views(segment: "parameters" | "gradients"): Map<Parameter, Float32Array> {
    const { machine } = this;
    return new Map(
      this.#parameters.map((one) => {
        const place = machine.program.parameters.get(one);
        if (place === undefined) throw new Error(`${one.name} has no place.`);
        return [one, machine.floats({ ...place, segment }, sizeOf(one.shape).factor)];
      }),
    );
  }
}

interface RunOptions {
  readonly batchRows: number;
  readonly steps?: number;
  readonly learningRate?: number;
  readonly pass?: Pass;
}

/** Copies of all, one behind the other. */
export const flat = (views: ReadonlyMap<Parameter, Float32Array>): Float32Array =>
  Float32Array.from([...views.values()].flatMap((view) => Array.from(view)));
