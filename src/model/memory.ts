import { liveAtPeak } from "../compile/memory/live.js";
import type { Machine } from "../runtime/machine.js";

/** A buffer of the arena. */
export interface LiveBuffer {
  /** The layer whose value it holds. */
  readonly layer: string;
  /** The op that makes it. */
  readonly op: string;
  readonly bytes: number;
}

export interface MemoryPeak {
  /** What is needed at one time: the arena is at least as large. */
  readonly bytes: number;
  /** When that is: the place in the order of computation, as `lifetimes` counts. */
  readonly instruction: number;
  /** The buffers in use then, the largest first. */
  readonly live: readonly LiveBuffer[];
}

/** Bytes of linear memory, by what they hold. */
export interface MemoryPlan {
  /** Weights and biases. */
  readonly parameters: number;
  /** Their gradients. */
  readonly gradients: number;
  /** What the optimizer keeps for each parameter. */
  readonly slots: number;
  /** Activations and their gradients, which share room when they are not needed at the same time. */
  readonly arena: number;
  /** Room to pack the operands of a matrix product. */
  readonly scratch: number;
  /** Rows on their way into `evaluate` and `predict`. */
  readonly chunk: number;
  /** Constants of the engine, instructions and control block. */
  readonly program: number;
  /** All of the above. */
  readonly planned: number;
  /** Training rows that the last `fit` staged, and what rounding to whole pages adds. */
  readonly staged: number;
  /** What the model holds now: the plan, and what is staged. */
  readonly total: number;
  /** The moment of the training step, or of `predict` when there is no loss, at which most of the arena is needed. */
  readonly peak: MemoryPeak;
}

export function memoryOf({ program: loaded, layout, port }: Machine): MemoryPlan {
  const { parameters, gradients, slots, arena, scratch } = loaded.segments;
  const planned = layout.data;
  const { bytes, instruction, live } = liveAtPeak(loaded.lifetimes);
  return {
    parameters,
    gradients,
    slots,
    arena,
    scratch,
    chunk: layout.data - layout.chunk,
    program: layout.bases.parameters,
    planned,
    staged: port.bytes - planned,
    total: port.bytes,
    peak: {
      bytes,
      instruction,
      live: live.map(({ layer, op, bytes }) => ({ layer, op, bytes })),
    },
  };
}
