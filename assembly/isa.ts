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

/**
 * Raised by every change of this file that lets a program of before mean something else, so that host and engine of
 * different releases refuse each other. A test holds the file's hash against it.
 */
export const ISA_VERSION = 4;

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
  /** UnaryRecord, as the preceding; alpha is the slope of LeakyRelu, the scale of Elu and the lower end of Clip */
  Sign = 18,
  ReciprocalSquareRoot = 19,
  Log1p = 20,
  Expm1 = 21,
  Sin = 22,
  Cos = 23,
  Softplus = 24,
  Erf = 25,
  LeakyRelu = 26,
  Elu = 27,
  Clip = 28,
  /** dx = dy · f′, from the saved output y: UnaryGradRecord, as the following */
  ReluGrad = 29,
  SigmoidGrad = 30,
  TanhGrad = 31,
  /** y = a ∘ b, either broadcast along an axis: BinaryRecord, as the following */
  Add = 32,
  Subtract = 33,
  Multiply = 34,
  Divide = 35,
  Minimum = 36,
  Maximum = 37,
  Equal = 38,
  NotEqual = 39,
  Greater = 40,
  GreaterEqual = 41,
  Power = 42,
  /** y[outer] from x[outer, inner]: ReduceRecord, as the following */
  SumInner = 43,
  MeanInner = 44,
  MaxInner = 45,
  MinInner = 46,
  LogSumExpInner = 47,
  ArgMaxInner = 48,
  /** y[outer, inner], per row: ReduceRecord */
  Softmax = 49,
  LogSoftmax = 50,
  /** y[batch, inner] from x[batch, outer, inner]: ReduceOuterRecord, as the following */
  SumOuter = 51,
  MeanOuter = 52,
  MaxOuter = 53,
  MinOuter = 54,
  /** dx from y and dy, per row: RowGradRecord */
  SoftmaxGrad = 55,
  LogSoftmaxGrad = 56,
  /** loss[outer] from prediction[outer, inner] and target: LossRecord, as the following */
  SquaredError = 57,
  CrossEntropy = 58,
  CrossEntropyOneHot = 59,
  BinaryCrossEntropy = 60,
  /** dprediction[outer, inner] from dloss[outer]: LossGradRecord, as the following */
  SquaredErrorGrad = 61,
  CrossEntropyGrad = 62,
  CrossEntropyOneHotGrad = 63,
  BinaryCrossEntropyGrad = 64,
  /** y = x · mask / (1 − rate), the mask drawn from (seed, step, node): DropoutRecord */
  Dropout = 65,
  /** sums[slot] += value / divisor, times the rows when weighted: ReportRecord */
  Report = 66,
  /** ‖gradient‖, the clipping factor, and the check before the update: GradientNormRecord */
  GradientNorm = 67,
  /** SgdRecord */
  Sgd = 68,
  /** AdamRecord */
  Adam = 69,
  /** y = uniform over [low, high), drawn from (seed, node): UniformRecord */
  Uniform = 70,
  /** y[yOffset + Σ iₐ · yₐ] = x[xOffset + Σ iₐ · xₐ] for all indices i below the sizes: MoveRecord */
  Move = 71,
  /** y = condition ≠ 0 ? a : b, each at its stride of 0 or 1: SelectRecord */
  Select = 72,
  /** y = Σ of x up to each place along the middle axis of [outer, length, inner]: CumulativeSumRecord */
  CumulativeSum = 73,
  /** y[outer, count, inner] = x[outer, index[count], inner], x having `length` places along its middle axis: TakeRecord */
  Take = 74,
  /** dx[outer, length, inner] = 0, then dx[outer, index[count], inner] += dy[outer, count, inner]: ScatterAddRecord */
  ScatterAdd = 75,
  /** y[count, depth] = index[count] = depth ? 1 : 0: OneHotRecord */
  OneHot = 76,
  /** y[batch] = op(a[batch]) · op(b[batch]), the matrices a stride apart: BatchMatmulRecord */
  BatchMatmul = 77,
  /** y = uniform over [low, high), or normal of mean `low` and deviation `high`, drawn from (seed, step, node): NoiseRecord */
  UniformNoise = 78,
  NormalNoise = 79,
  /** sum = gradient · share of the step's rows, added to what earlier micro-batches left: AccumulateRecord */
  Accumulate = 80,
  /** y = mean + deviation · z, z normal, drawn again while it is beyond `limit` deviations: NormalRecord */
  Normal = 81,
  /** y = f(x): UnaryRecord, as the following */
  Gelu = 82,
  GeluTanh = 83,
  Silu = 84,
  Mish = 85,
  /** dx = dy · f′(x), from the saved input x, which the record calls y: UnaryGradRecord, as the following */
  GeluGrad = 86,
  GeluTanhGrad = 87,
  SiluGrad = 88,
  MishGrad = 89,
  /** y = (x − mean) / √(variance + epsilon) per row, or x / √(mean square + epsilon): NormalizeInnerRecord */
  NormalizeInner = 90,
  /** dx from x and dy: NormalizeInnerGradRecord */
  NormalizeInnerGrad = 91,
  /** y = (x − mean) / √(variance + epsilon) per column of each [outer, inner]: NormalizeOuterRecord */
  NormalizeOuter = 92,
  /** dx from x and dy: NormalizeOuterGradRecord */
  NormalizeOuterGrad = 93,
  /** alpha[row, time + 1, 2, 2 · labels + 1]: occupancies and losses of connectionist temporal classification: CtcRecord */
  CtcAlpha = 94,
  /** loss[row] from alpha: CtcLossRecord */
  CtcLoss = 95,
  /** dx[row, time, classes] from x, alpha and dloss: CtcGradRecord */
  CtcGrad = 96,
  /** Clips each element of a gradient to ±limit, or its norm to `limit`: ClipGradientRecord */
  ClipGradient = 97,
  /** Stops the step before its update unless x is finite: CheckFiniteRecord */
  CheckFinite = 98,
  /** average += share · (value − average): RunningAverageRecord */
  RunningAverage = 99,
  /** The update of weights: each has its record */
  Adagrad = 100,
  Rmsprop = 101,
  Adadelta = 102,
  Adamax = 103,
  Nadam = 104,
  Radam = 105,
  Lion = 106,
  Lbfgs = 107,
  /** average = (1 − share) · average + share · parameter: MovingAverageRecord */
  MovingAverage = 108,
  /** Slow weights follow the fast ones every `period` steps: LookaheadRecord */
  Lookahead = 109,
  /** Brings a parameter back into what its constraint allows: ConstrainRecord */
  Constrain = 110,
  /** What a tensor is like, for reports: MeasureRecord */
  Measure = 111,
}

export enum GatherRecord { y = 2, source, inner, scale, offset, words }
export enum MatmulRecord { y = 2, a, b, bias, m, n, k, form, activation, words }
export enum FillRecord { y = 2, count, value, words }
export enum BroadcastRecord { y = 2, x, outer, inner, xOuter, xInner, divisor, words }
export enum UnaryRecord { y = 2, x, count, alpha, beta, words }
export enum UnaryGradRecord { dx = 2, y, dy, count, words }
export enum BinaryRecord { y = 2, a, b, outer, inner, aOuter, aInner, bOuter, bInner, words }
export enum ReduceRecord { y = 2, x, outer, inner, words }
export enum ReduceOuterRecord { y = 2, x, batch, outer, inner, words }
export enum RowGradRecord { dx = 2, y, dy, outer, inner, words }
export enum LossRecord { loss = 2, prediction, target, outer, inner, words }
export enum LossGradRecord { dprediction = 2, prediction, target, dloss, outer, inner, words }
export enum DropoutRecord { y = 2, x, count, rate, node, words }
export enum UniformRecord { y = 2, count, low, high, node, words }
export enum ReportRecord { value = 2, slot, weighted, divisor, words }
/** `bound` is what the clipping of elements and of single parameters, which comes later, leaves of the norm; 0: there is none. */
export enum GradientNormRecord { gradient = 2, parameter, count, maximum, bound, amplification, constant, decay, words }
export enum SgdRecord { parameter = 2, velocity, gradient, count, momentum, nesterov, decay, rate, words }
/** With `largest`, an address, it divides by the largest variance so far: AMSGrad. */
export enum AdamRecord { parameter = 2, mean, variance, largest, gradient, count, beta1, beta2, epsilon, decay, decoupled, rate, since, words }

export enum MoveRecord { y = 2, x, yOffset, xOffset, size0, size1, size2, size3, size4, size5, size6, size7, y0, y1, y2, y3, y4, y5, y6, y7, x0, x1, x2, x3, x4, x5, x6, x7, words }
export enum SelectRecord { y = 2, condition, a, b, count, conditionStride, aStride, bStride, words }
export enum CumulativeSumRecord { y = 2, x, outer, length, inner, reverse, exclusive, words }
export enum TakeRecord { y = 2, x, index, outer, count, length, inner, words }
export enum ScatterAddRecord { dx = 2, dy, index, outer, count, length, inner, words }
export enum OneHotRecord { y = 2, index, count, depth, words }
export enum BatchMatmulRecord { y = 2, a, b, batch, aStride, bStride, m, n, k, form, words }
export enum NoiseRecord { y = 2, count, low, high, node, words }
export enum AccumulateRecord { sum = 2, gradient, count, weighted, words }
export enum NormalRecord { y = 2, count, mean, deviation, limit, node, words }
/** `centered`: 1 subtracts the mean, 0 does not. */
export enum NormalizeInnerRecord { y = 2, x, outer, inner, epsilon, centered, words }
export enum NormalizeInnerGradRecord { dx = 2, x, dy, outer, inner, epsilon, centered, words }
export enum NormalizeOuterRecord { y = 2, x, batch, outer, inner, epsilon, words }
export enum NormalizeOuterGradRecord { dx = 2, x, dy, batch, outer, inner, epsilon, words }
/** x holds the logarithms of probabilities; a row of the target has `labels` classes, those beyond its end are −1. */
export enum CtcRecord { alpha = 2, x, target, rows, time, classes, labels, blank, words }
export enum CtcLossRecord { loss = 2, alpha, target, rows, time, labels, words }
export enum CtcGradRecord { dx = 2, x, alpha, target, dloss, rows, time, classes, labels, blank, words }
export enum ClipGradientRecord { gradient = 2, count, limit, byNorm, words }
export enum CheckFiniteRecord { x = 2, count, words }
export enum RunningAverageRecord { average = 2, value, count, share, words }

/** In all updates, `rate` is a factor on the learning rate of the step, and `since` the step that they began at. */
export enum AdagradRecord { parameter = 2, sum, gradient, count, epsilon, rateDecay, initial, decay, rate, since, words }
/** `share` is 1 − rho, which 1 less a rounded rho is not. Without momentum, velocity is 0; unless it is centered, mean is 0. */
export enum RmspropRecord { parameter = 2, square, mean, velocity, gradient, count, share, epsilon, momentum, decay, rate, words }
export enum AdadeltaRecord { parameter = 2, square, change, gradient, count, share, epsilon, decay, rate, words }
export enum AdamaxRecord { parameter = 2, mean, largest, gradient, count, beta1, beta2, epsilon, decay, rate, since, words }
/** momentumBase + momentumRest: 0.96^momentumDecay, as a float and what the float leaves of it. */
export enum NadamRecord { parameter = 2, mean, variance, gradient, count, beta1, beta2, epsilon, momentumBase, momentumRest, decay, decoupled, rate, since, words }
/** beta2 + beta2Rest: as a float and what the float leaves of it. */
export enum RadamRecord { parameter = 2, mean, variance, gradient, count, beta1, beta2, beta2Rest, epsilon, decay, decoupled, rate, since, words }
export enum LionRecord { parameter = 2, mean, gradient, count, beta1, beta2, decay, rate, words }
/** `steps` and `changes` are `history` slots each, one behind the other, `count` floats apart: the oldest first. */
export enum LbfgsRecord { parameter = 2, direction, previous, steps, changes, gradient, count, history, decay, rate, since, words }
export enum MovingAverageRecord { average = 2, parameter, count, share, since, words }
/** `isAfter`: 0 before the update, where the slow weights begin; 1 after it. */
export enum LookaheadRecord { slow = 2, parameter, count, period, share, isAfter, since, words }
/** A parameter is [outer, inner]; its norms are those of its columns. */
export enum ConstrainRecord { parameter = 2, outer, inner, kind, low, high, words }
/** x is [outer, inner]; results go to an entry of the statistics. */
export enum MeasureRecord { x = 2, outer, inner, low, high, slot, words }

/** Axes of a Move, the innermost last; those that it does not have are of size 1. */
export const MOVE_AXES = 8;

/** Which operand of a matmul is stored transposed. */
export enum Form {
  /** a[m, k] · b[k, n] */
  AB = 0,
  /** aᵀ · b, with a stored [k, m] */
  AtB = 1,
  /** a · bᵀ, with b stored [n, k] */
  ABt = 2,
}

/** What a parameter is kept to after each update. */
export enum Constraint {
  /** low ≤ w ≤ high */
  Range = 0,
  /** low ≤ ‖column‖ ≤ high, by scaling the column */
  Norm = 1,
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
  Initialize = 3,
  /** Train, and measure what the step goes through: the same bits. */
  Observe = 4,
}

export const METHODS = 5;

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

/** Slot 0 holds the loss, the others its parts and the metrics. */
export const SUM_SLOTS = 64;

/** Byte offsets of one entry of the step log: the host writes the learning rate, the engine the rest. */
export enum StepRecord { learningRate = 0, rows = 4, loss = 8, gradientNorm = 16, bytes = 24 }

/** Byte offsets of one entry of the epoch log: rowsSeen and sums at the end of an epoch, as in the control block. */
export enum EpochRecord { rowsSeen = 0, sums = 8, bytes = 520 }

/**
 * Byte offsets of one entry of the statistics, all f64: of all elements, and of the units, which are the columns. An
 * element is saturated that lies at `low` or below, or at `high` or above; a unit is dead that is 0 in every row.
 */
export enum StatisticsRecord { count = 0, sum = 8, squares = 16, minimum = 24, maximum = 32, zeros = 40, saturated = 48, deadUnits = 56, bytes = 64 }

/** Entries of the epoch log, so the most epochs that one `run` may finish. */
export const LOG_EPOCHS = 128;

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

/** How long sums are cut, see kernels/reduce/chunks.ts: the most chunks, and what is always one chunk, in floats or in rows. */
export const SUM_CHUNKS = 16;
export const CHUNK_FLOATS = 4096;
export const CHUNK_ROWS = 256;
