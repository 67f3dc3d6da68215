/**
 * The instruction set: opcodes, record layouts, the control block, statuses.
 *
 * Portable: `asc` compiles this file into the engine and `esbuild` into the host, so the two cannot drift.
 * Only enums and numeric constants here: no types, no functions.
 *
 * A program is a sequence of records of 32-bit words in linear memory:
 *
 *     word 0   opcode (Op)
 *     word 1   length of the record in words
 *     word 2…  operands, named by the record's enum; the outputs come first
 *
 * An operand is an address (bytes), a count, a real (f32 bits) or a plain integer.
 * A count is `factor << 1 | perRow`: with perRow set it is factor × the actual rows of this step,
 * so one program serves every number of rows up to the compiled maximum.
 */

/** What an instruction does. Its record layout stands behind each. */
export enum Op {
  /** Ends a method. */
  End = 0,
  /** y = scale · source[order[cursor + i]] + offset: GatherRecord */
  Gather = 1,
  /** y = activation(op(a) · op(b) + bias): MatmulRecord */
  Matmul = 2,
  /** y = value: FillRecord */
  Fill = 3,
  /** y = x / divisor, repeated along an axis: BroadcastRecord */
  Broadcast = 4,
  /** y = x: UnaryRecord, as the following */
  Copy = 5,
  Negate = 6,
  Abs = 7,
  Square = 8,
  SquareRoot = 9,
  Reciprocal = 10,
  Exp = 11,
  Log = 12,
  Tanh = 13,
  Sigmoid = 14,
  Relu = 15,
  /** y = alpha · x + beta: UnaryRecord */
  Affine = 16,
  /** y = x > alpha ? 1 : 0: UnaryRecord */
  GreaterThan = 17,
  /** dx = dy · f′, from the saved output y: UnaryGradRecord, as the following */
  ReluGrad = 18,
  SigmoidGrad = 19,
  TanhGrad = 20,
  /** y = a ∘ b, either broadcast along an axis: BinaryRecord, as the following */
  Add = 21,
  Subtract = 22,
  Multiply = 23,
  Divide = 24,
  Minimum = 25,
  Maximum = 26,
  Equal = 27,
  /** y[outer] from x[outer, inner]: ReduceRecord, as the following */
  SumInner = 28,
  MeanInner = 29,
  MaxInner = 30,
  ArgMaxInner = 31,
  /** y[inner] from x[outer, inner]: ReduceRecord, as the following */
  SumOuter = 32,
  MeanOuter = 33,
  MaxOuter = 34,
  /** y[outer, inner], per row: ReduceRecord */
  Softmax = 35,
  LogSoftmax = 36,
  /** dx from y and dy, per row: RowGradRecord */
  SoftmaxGrad = 37,
  LogSoftmaxGrad = 38,
  /** loss[outer] from prediction[outer, inner] and target: LossRecord, as the following */
  SquaredError = 39,
  CrossEntropy = 40,
  CrossEntropyOneHot = 41,
  BinaryCrossEntropy = 42,
  /** dprediction[outer, inner] from dloss[outer]: LossGradRecord, as the following */
  SquaredErrorGrad = 43,
  CrossEntropyGrad = 44,
  CrossEntropyOneHotGrad = 45,
  BinaryCrossEntropyGrad = 46,
  /** y = x · mask / (1 − rate), the mask drawn from (seed, step, node): DropoutRecord */
  Dropout = 47,
  /** sums[slot] += value / divisor, times the rows when weighted: ReportRecord */
  Report = 48,
  /** ‖gradient‖, the clipping factor, and the check before the update: GradientNormRecord */
  GradientNorm = 49,
  /** SgdRecord */
  Sgd = 50,
  /** AdamRecord */
  Adam = 51,
  /** y = uniform over [low, high), drawn from (seed, node): UniformRecord */
  Uniform = 52,
}

export enum GatherRecord { y = 2, source, inner, scale, offset, words }
export enum MatmulRecord { y = 2, a, b, bias, m, n, k, form, activation, words }
export enum FillRecord { y = 2, count, value, words }
export enum BroadcastRecord { y = 2, x, outer, inner, xOuter, xInner, divisor, words }
export enum UnaryRecord { y = 2, x, count, alpha, beta, words }
export enum UnaryGradRecord { dx = 2, y, dy, count, words }
export enum BinaryRecord { y = 2, a, b, outer, inner, aOuter, aInner, bOuter, bInner, words }
export enum ReduceRecord { y = 2, x, outer, inner, words }
export enum RowGradRecord { dx = 2, y, dy, outer, inner, words }
export enum LossRecord { loss = 2, prediction, target, outer, inner, words }
export enum LossGradRecord { dprediction = 2, prediction, target, dloss, outer, inner, words }
export enum DropoutRecord { y = 2, x, count, rate, node, words }
export enum UniformRecord { y = 2, count, low, high, node, words }
export enum ReportRecord { value = 2, slot, weighted, divisor, words }
export enum GradientNormRecord { gradient = 2, parameter, count, maximum, amplification, constant, decay, words }
export enum SgdRecord { parameter = 2, velocity, gradient, count, momentum, nesterov, decay, words }
export enum AdamRecord { parameter = 2, mean, variance, gradient, count, beta1, beta2, epsilon, decay, decoupled, words }

/** Which operand of a matmul is stored transposed. */
export enum Form {
  /** a[m, k] · b[k, n] */
  AB = 0,
  /** aᵀ · b, with a stored [k, m] */
  AtB = 1,
  /** a · bᵀ, with b stored [n, k] */
  ABt = 2,
}

/** What a matmul applies to its result before it stores it. */
export enum Activation {
  None = 0,
  Relu = 1,
  Sigmoid = 2,
  Tanh = 3,
}

/** The entry points of a program. */
export enum Method {
  Train = 0,
  Evaluate = 1,
  Predict = 2,
  /** Writes the first values of the parameters. */
  Initialise = 3,
}

/** What `run` returns. */
export enum Status {
  Ok = 0,
  /** The loss or the gradient is not finite, or an update would leave the range of f32; it was not made. */
  Diverged = 1,
  /** A record with an unknown opcode. */
  UnknownOp = 2,
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
  /** u32 × 4: address of each method's first record */
  methods = 72,
  /** f64: rows seen since the host cleared the sums */
  rowsSeen = 88,
  /** f64 × SUM_SLOTS: loss and metrics, means among them weighted by rows */
  sums = 96,
  /** u32: staged rows after which an epoch ends and its sums go to the epoch log; 0 leaves epochs to the host */
  epochRows = 224,
  /** u32: address of the epoch log, an array of EpochRecord */
  epochLog = 228,
  /** u32: epochs that the last `run` finished */
  epochsDone = 232,
  bytes = 256,
}

/** Slot 0 holds the loss, the others the metrics. */
export const SUM_SLOTS = 16;

/** Byte offsets of one entry of the step log: the host writes the learning rate, the engine the rest. */
export enum StepRecord { learningRate = 0, rows = 4, loss = 8, gradientNorm = 16, bytes = 24 }

/** Byte offsets of one entry of the epoch log: rowsSeen and sums at the end of an epoch, as in the control block. */
export enum EpochRecord { rowsSeen = 0, sums = 8, bytes = 136 }

/** Entries of the epoch log, so the most epochs that one `run` may finish. */
export const LOG_EPOCHS = 256;

/** Entries of the step log, so the most steps that one `run` may take. */
export const LOG_STEPS = 1024;

/** Byte offsets of one entry of the source table: where an input's or target's staged rows lie. */
export enum SourceRecord { address = 0, kind = 4, bytes = 8 }

/** How a source stores its elements. */
export enum SourceKind { F32 = 0, U8 = 1 }

/** Blocking of matmul, in floats: the host sizes the scratch segment by it. */
export const MATMUL_MR = 4;
export const MATMUL_NR = 8;
export const MATMUL_MC = 128;
export const MATMUL_KC = 256;
export const MATMUL_NC = 1024;
