/**
 * The instruction set. Portable: `asc` compiles this folder into the engine and `esbuild` into the host, so the two
 * cannot drift. Only enums and numeric constants here: no types, no functions.
 *
 * A program is a sequence of records of 32-bit words in linear memory:
 *
 *     word 0   opcode: family << 8 | n
 *     word 1   length of the record in words
 *     word 2…  operands, named by the record's enum; the outputs come first
 *
 * An operand is an address (bytes), a count, a real (f32 bits) or a plain integer.
 * A count is `factor << 1 | perRow`: with perRow set it is factor × the actual rows of this step,
 * so one program serves every number of rows up to the compiled maximum.
 *
 * Each family has a file of its own with its opcodes and their records.
 */

/**
 * Raised by every change of this folder that lets a program of before mean something else, so that host and engine of
 * different releases refuse each other. A test holds the folder's hash against it.
 */
export const ISA_VERSION = 5;

/**
 * The high byte of an opcode. The engine's core executes the first ones itself; each of the others is a module of its
 * own, which the core reaches through the slot of that number in its table.
 */
export enum Family {
  Step = 0,
  Elementwise = 1,
  Reduce = 2,
  Matmul = 3,
  Loss = 4,
  Random = 5,
  Update = 6,
  Transcendental = 7,
  Move = 8,
  Normalize = 9,
  Noise = 10,
  Optimizer = 11,
  Sequence = 12,
  Choice = 13,
  Convolution = 14,
}

/** In the place of an opcode: the method ends. */
export const END = 0;

/** Families from this one on are modules of their own. */
export const FIRST_MODULE = 7;

/** Slots of the table: room for families to come. */
export const TABLE_SLOTS = 32;
