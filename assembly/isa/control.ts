/** The mailbox between host and engine, its logs and answers. Fields are appended, never moved. Portable: see op.ts. */

/** The entry points of a program. */
export enum Method {
  Train = 0,
  Evaluate = 1,
  Predict = 2,
  /** Writes the first values of the parameters. */
  Initialize = 3,
  /** Train, and measure what the step goes through: the same bits. */
  Observe = 4,
  /** The update of a training step, of gradients that the host has written. */
  Apply = 5,
}

export const METHODS = 6;

/** What `run` returns. */
export enum Status {
  Ok = 0,
  /** The loss or the gradient is not finite, or an update would leave the range of f32; it was not made. */
  Diverged = 1,
  /** A record with an unknown opcode. */
  UnknownOp = 2,
  /** An index of Take, ScatterAdd or OneHot is no integer below the length of its axis. */
  IndexOutOfRange = 3,
}

/** Byte offsets in the control block, the mailbox between host and engine. */
export enum Control {
  /** u32: rows of the current step */
  rows = 0,
  /** u32: rows that a step takes at most */
  batchRows = 4,
  /** u32: rows that are staged */
  stagedRows = 8,
  /** u32: the next staged row */
  cursor = 12,
  /** u32, u32: the seed */
  seedLow = 16,
  seedHigh = 20,
  /** u32: training steps since the model was compiled; keys the random numbers */
  step = 24,
  /** u32: steps that the last `run` finished */
  done = 28,
  /** f32: learning rate of the current step, copied from the step log */
  learningRate = 32,
  /** f32: factor that clips the gradient of the current step */
  gradientScale = 36,
  /** f64: loss and gradient norm of the current step */
  loss = 40,
  gradientNorm = 48,
  /** u32: address of the step log, an array of StepRecord */
  log = 56,
  /** u32: address of the scratch segment, where matmul packs its operands */
  scratch = 60,
  /** u32: address of the source table, an array of SourceRecord */
  sources = 64,
  /** u32: address of the order, the u32 indices of the staged rows; 0 takes them as they lie */
  order = 68,
  /** u32: staged rows after which an epoch ends and its sums go to the epoch log; 0 leaves epochs to the host */
  epochRows = 72,
  /** u32: address of the epoch log, an array of EpochRecord */
  epochLog = 76,
  /** u32: epochs that the last `run` finished */
  epochsDone = 80,
  /** u32: rows that a micro-batch takes at most; 0 computes a step in one go */
  microRows = 84,
  /** f64: rows seen since the host cleared the sums */
  rowsSeen = 88,
  /** f64 × SUM_SLOTS: loss and metrics, means among them weighted by rows */
  sums = 96,
  /** u32: rows of the whole step, and those of its micro-batches before this one */
  stepRows = 608,
  rowsBefore = 612,
  /** u32: address of the record at which the last `run` stopped, if it did */
  stoppedAt = 616,
  /** u32: rows of a pass that were in earlier runs, so that random numbers do not repeat from chunk to chunk */
  rowsBase = 620,
  /** u32: address of the statistics, an array of StatisticsRecord */
  statistics = 624,
  /** u32 × METHODS: address of each method's first record */
  methods = 628,
  bytes = 704,
}

/** Byte offsets of one entry of the step log: the host writes the learning rate, the engine the rest. */
export enum StepRecord { learningRate = 0, rows = 4, loss = 8, gradientNorm = 16, bytes = 24 }

/** Byte offsets of one entry of the epoch log: rowsSeen and sums at the end of an epoch, as in the control block. */
export enum EpochRecord { rowsSeen = 0, sums = 8, bytes = 520 }

/**
 * Byte offsets of one entry of the statistics, all f64: of all elements, and of the units, which are the columns. An
 * element is saturated that lies at `low` or below, or at `high` or above; a unit is dead that is 0 in every row.
 */
export enum StatisticsRecord { count = 0, sum = 8, squares = 16, minimum = 24, maximum = 32, zeros = 40, saturated = 48, deadUnits = 56, bytes = 64 }

/** Byte offsets of one entry of the source table: where an input's or target's staged rows lie. */
export enum SourceRecord { address = 0, kind = 4, bytes = 8 }

/** How a source stores its elements. */
export enum SourceKind { F32 = 0, U8 = 1 }
