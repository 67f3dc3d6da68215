import type { Activation } from "../../assembly/isa/matmul.js";
import type { Kind, OperandsOf, RecordLayout } from "../compile/facts/fact.js";
import type { Shape, Size } from "./shape.js";

/** One node of the graph: what an op makes of its inputs. Immutable; identity is the node's. */
export interface Value {
  /** @internal */
  readonly op: OpDefinition;
  readonly inputs: readonly Value[];
  /** @internal */
  readonly attributes: unknown;
  /** Sizes of its axes; −1 stands for the rows of the step. */
  readonly shape: Shape;
  /** The layer that built it; a gradient belongs to the layer of the value that it comes from. */
  readonly layer: string;
  /**
   * Where a user's own code called the op.
   *
   * @internal
   */
  readonly site?: Error;
}

/**
 * What a field of a record may hold: a value's address (null: none), a count, a real, or a plain integer.
 * Lowering writes these; encoding turns them into words.
 */
export type Operand = Value | null | { readonly count: Size } | { readonly real: number } | number;

/** Appends one instruction. A wrong record, a misspelled operand or one that is forgotten does not compile. */
export type Emit = <R extends RecordLayout>(kind: Kind<R>, operands: OperandsOf<R, Operand>) => void;

/** Gradients of the inputs, or null for an input that has none (labels, masks). */
export type Vjp<I, A> = (inputs: I, y: Value, dy: Value, attributes: A) => readonly (Value | null)[];

/** How the rows of an input come in, where they are not numbers one after the other. */
export interface Entry {
  /** The value that they are, of an entry of the source table. */
  value(slot: number): Value;
  /** Words of linear memory that a row is planned to take where so many pass through: any one row must fit. */
  words(rows: number): number;
  /** What is given for it as a table. @throws DataError for what it does not take */
  table(who: string, data: unknown): unknown;
}

/** A graph primitive at the grain of a kernel. */
export interface OpDefinition<I extends readonly Value[] = readonly Value[], A = unknown> {
  readonly name: string;
  /** Brings the inputs to a form that its kernel takes, by ordinary ops, before anything else is asked of them. */
  align?(inputs: I, attributes: A): I;
  /** Shape of the result. @throws ShapeError when the inputs do not fit. */
  shape(inputs: I, attributes: A): Shape;
  /** The vector-Jacobian product: emits ordinary ops. "none" for an op that has no gradient. */
  readonly vjp: Vjp<I, A> | "none";
  /** Emits the instructions that compute y. A view emits none. */
  lower(emit: Emit, inputs: I, y: Value, attributes: A): void;
  /** Inputs whose buffer the result may take over when nobody needs them afterwards. */
  readonly inPlace?: readonly number[];
  /** The result is its first input under another shape. */
  readonly view?: true;
  /** To gradients its result is a constant: they do not ask what is behind it. */
  readonly stops?: true;
  /** y + bias as one op, the bias having a number for each place of the last axis; undefined where there is none. */
  withBias?(y: Value, bias: Value): Value | undefined;
  /** activation(y) as one op, likewise. */
  withActivation?(y: Value, activation: Activation): Value | undefined;
  /**
   * What size its input's numbers have for it: as indices they mean nothing, or it multiplies weights by them, or it
   * passes them on as large as they are, as views do. Else it makes others of them.
   */
  readonly role?: "indexes" | "multiplies" | "passes";
  /** y · w by a kernel of its own, w being a matrix: left out where a product takes y like any other. */
  product?(y: Value, w: Value): Value;
  /** The op is run for what it does, not for a result: it has no buffer. */
  readonly effect?: true;
}

let layer = "";

/** Runs `build` so that every value that it makes belongs to the layer of that name. */
export function inLayer<T>(name: string, build: () => T): T {
  const outer = layer;
  layer = name;
  try {
    return build();
  } finally {
    layer = outer;
  }
}

/** What is known while a layer builds its ops. */
interface Building {
  /** Number of the layer in its network: keys its random numbers. */
  readonly node: number;
  /** Whether the graph is that of a training step. */
  readonly training: boolean;
  /** Random ops that the layer has built so far. */
  draws: number;
  /** Whether the ops are a user's own, who wants to know where he called them. */
  readonly isUsers: boolean;
  /** What builds a layer that is called on values: there where its parameters have a place. */
  readonly host?: Host | undefined;
  /** Whether only shapes matter: of what keeps them, and is not loaded, anything that keeps them will do. */
  readonly isTrial?: boolean;
}

/** Builds layers and networks on values; undefined where it is given none. */
export type Host = (called: object, given: readonly unknown[]) => unknown;

let building: Building = { node: 0, training: true, draws: 0, isUsers: false };

/** Runs `build` as the building of that node. What is left out stays as it is around it. */
export function inBuild<T>(context: Partial<Omit<Building, "draws">>, build: () => T): T {
  const outer = building;
  building = { ...outer, ...context, draws: context.node === undefined ? outer.draws : 0 };
  try {
    return build();
  } finally {
    if (context.node === undefined) outer.draws = building.draws;
    building = outer;
  }
}

export const isTraining = (): boolean => building.training;

export const isTrial = (): boolean => building.isTrial === true;

/** What a layer or a network makes of values, where it may be called on them. */
export const onValues: Host = (called, given) => building.host?.(called, given);

const DRAWS_PER_NODE = 256;

/**
 * Keys a random op: no two of one network have the same number. The top bit keeps them apart from the numbers of
 * layers that draw once.
 */
export function nextNode(): number {
  const draw = building.draws++;
  if (draw >= DRAWS_PER_NODE) throw new Error(`${layer}: builds more than ${DRAWS_PER_NODE} random ops.`);
  return 2 ** 31 + building.node * DRAWS_PER_NODE + draw;
}

export function makeValue(op: OpDefinition, given: readonly Value[], attributes: unknown): Value {
  const inputs = op.align?.(given, attributes) ?? given;
  const value = { op, inputs, attributes, shape: op.shape(inputs, attributes), layer };
  return building.isUsers ? { ...value, site: new Error() } : value;
}
