/** What wasmgrad throws. Each message says who, what it got, what it needs and how to mend it. */
import { deepenStacks, fromUsersLine, OWN_FRAMES } from "./site.js";

/** Gives a class and its instances a name that a minifier leaves alone. */
export function named(type: { readonly prototype: object }, name: string): void {
  Object.defineProperty(type, "name", { value: name });
  const key = type.prototype instanceof Error ? "name" : Symbol.toStringTag;
  Object.defineProperty(type.prototype, key, { value: name });
}

/** What all errors have. */
abstract class CodedError extends Error {
  /** Stable, for programs that tell errors apart without their classes: `WASMGRAD_OUT_OF_MEMORY` of an `OutOfMemoryError`. */
  get code(): string {
    return `WASMGRAD${this.name.slice(0, -"Error".length).replace(/[A-Z]/g, "_$&").toUpperCase()}`;
  }

  constructor(message: string, options?: ErrorOptions) {
    deepenStacks(OWN_FRAMES);
    super(message, options);
    deepenStacks(-OWN_FRAMES);
    if (this.stack) this.stack = fromUsersLine(this.stack);
  }
}

/** A shape that does not fit: a layer's input, a loss and its output, weights that are set. Its `code` is `WASMGRAD_SHAPE`. */
export class ShapeError extends CodedError {
  static {
    named(ShapeError, "ShapeError");
  }
}

/** A gradient that there is none of: of an op that has none, of a loss that no trained parameter changes. Its `code` is `WASMGRAD_GRADIENT`. */
export class GradientError extends CodedError {
  static {
    named(GradientError, "GradientError");
  }
}

/** Data that cannot be trained on: ragged, not finite, out of range, empty, unequal numbers of rows. Its `code` is `WASMGRAD_DATA`. */
export class DataError extends CodedError {
  static {
    named(DataError, "DataError");
  }
}

/** An option that does not exist, or whose value lies outside its domain. Its `code` is `WASMGRAD_OPTION`. */
export class OptionError extends CodedError {
  static {
    named(OptionError, "OptionError");
  }
}

/** The worker of a model could not start, ended, or is of another version. Its `code` is `WASMGRAD_WORKER`. */
export class WorkerError extends CodedError {
  static {
    named(WorkerError, "WorkerError");
  }
}

/** Bytes that are not what they should be: a snapshot that is cut short, or of another network. Its `code` is `WASMGRAD_FORMAT`. */
export class FormatError extends CodedError {
  static {
    named(FormatError, "FormatError");
  }
}

/** The model is in use: it cannot do this until its `fit` has ended. Its `code` is `WASMGRAD_BUSY`. */
export class BusyError extends CodedError {
  static {
    named(BusyError, "BusyError");
  }
}

/** A callback of `fit` threw: its error is the cause. The model holds the weights of its last whole step. Its `code` is `WASMGRAD_CALLBACK`. */
export class CallbackError extends CodedError {
  static {
    named(CallbackError, "CallbackError");
  }

  constructor(
    /** Its name in quotes, or its place in the list, counted from 1. */
    readonly callback: string,
    /** The hook that threw. */
    readonly hook: string,
    cause: unknown,
  ) {
    super(
      `fit: callback ${callback} failed in ${hook}: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
  }
}

/**
 * A checkpoint could not be stored: what the store said is the cause. The model is as it was, and the checkpoints before are
 * still there. Its `code` is `WASMGRAD_CHECKPOINT`.
 */
export class CheckpointError extends CallbackError {
  static {
    named(CheckpointError, "CheckpointError");
  }
}

/** A place cannot be read or written: a file, an address, a store; what the system said is the cause. Its `code` is `WASMGRAD_STORAGE`. */
export class StorageError extends CodedError {
  static {
    named(StorageError, "StorageError");
  }
}

/** The model was disposed. Its `code` is `WASMGRAD_DISPOSED`. */
export class DisposedError extends CodedError {
  static {
    named(DisposedError, "DisposedError");
  }
}

/** What runs the program cannot run the engine: WebAssembly or its SIMD is missing, or compiling it is forbidden. Its `code` is `WASMGRAD_UNSUPPORTED`. */
export class UnsupportedError extends CodedError {
  static {
    named(UnsupportedError, "UnsupportedError");
  }
}

/** The network does not fit into memory. Its `code` is `WASMGRAD_OUT_OF_MEMORY`. */
export class OutOfMemoryError extends CodedError {
  static {
    named(OutOfMemoryError, "OutOfMemoryError");
  }

  constructor(
    message: string,
    /** Bytes that the network needs. */
    readonly requiredBytes: number,
    /** Bytes that there are at most. */
    readonly limitBytes: number,
  ) {
    super(message);
  }
}

/** Where training diverged: the update of this step was not made, so the model holds its last good weights. */
export interface Divergence {
  /** Step that diverged, counted from 0 over the life of the model. */
  readonly step: number;
  readonly loss: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
  /** First layer, in the order of computation, whose result is not finite; `the update` where all of them are. */
  readonly layer: string;
}

/** What leaves the range of f32 when no layer does. */
export const UPDATE = "the update";

/** The loss or the gradient is no longer finite. Its `code` is `WASMGRAD_DIVERGED`. */
export class DivergedError extends CodedError implements Divergence {
  static {
    named(DivergedError, "DivergedError");
  }
  readonly step: number;
  readonly loss: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
  readonly layer: string;

  /** @param before what was tried before, as a sentence with a space behind it */
  constructor(where: Divergence, before = "") {
    super(
      `fit: diverged at step ${where.step}: loss ${where.loss}, gradient norm ${where.gradientNorm}, ` +
        `learning rate ${where.learningRate}; ${where.layer === UPDATE ? UPDATE : `layer "${where.layer}"`} is the first ` +
        `that leaves the range of f32. ${before}` +
        "The model holds the weights from before this step. Lower the learning rate, scale the inputs, " +
        "or clip the gradient with compile({ clipNorm: 1 }).",
    );
    this.step = where.step;
    this.loss = where.loss;
    this.gradientNorm = where.gradientNorm;
    this.learningRate = where.learningRate;
    this.layer = where.layer;
  }
}

/** Says in whose code, layer or loss, an op does not fit. */
export function inContext<T>(who: string, build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (error instanceof ShapeError) throw new ShapeError(`${who}: ${error.message}`, { cause: error });
    if (error instanceof OptionError) throw new OptionError(`${who}: ${error.message}`, { cause: error });
    throw error;
  }
}
