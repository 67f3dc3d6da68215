import type { Op } from "../../assembly/isa.js";
import type { Shape, Size } from "./shape.js";
import { makeValue, type Value } from "./value.js";

/** The enum of a record's fields in `assembly/isa.ts`. */
export interface RecordLayout {
  readonly words: number;
}

/**
 * What a field of a record may hold: a value's address (null: none), a count, a real, or a plain integer.
 * Lowering writes these; encoding turns them into words.
 */
export type Operand = Value | null | { readonly count: Size } | { readonly real: number } | number;

/** Appends one instruction. Forgetting a field of its record is a compile error. */
export type Emit = <R extends RecordLayout>(
  op: Op,
  record: R,
  operands: { readonly [F in Exclude<keyof R, "words" | number>]: Operand },
) => void;

/** Gradients of the inputs, or null for an input that has none (labels, masks). */
export type Vjp<I, A> = (inputs: I, y: Value, dy: Value, attributes: A) => readonly (Value | null)[];

/** A graph primitive at the grain of a kernel. */
export interface OpDefinition<I extends readonly Value[] = readonly Value[], A = unknown> {
  readonly name: string;
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
  /** The op is run for what it does, not for a result: it has no buffer. */
  readonly effect?: true;
}

/** An op that is called like the function that it is: `softmax(x)`, `dropout(x, { rate: 0.5, node: 1 })`. */
export type OpFunction<I extends readonly Value[], A> = ((
  ...args: A extends undefined ? I : [...I, A]
) => Value) &
  OpDefinition<I, A>;

/** Makes the callable op of a definition. */
export function defineOp<I extends readonly Value[], A = undefined>(
  definition: OpDefinition<I, A>,
): OpFunction<I, A> {
  const op = (...args: readonly unknown[]) => {
    const last = args.at(-1);
    const hasAttributes = !isValue(last);
    const inputs = (hasAttributes ? args.slice(0, -1) : args) as readonly Value[];
    return makeValue(op as unknown as OpDefinition, inputs, hasAttributes ? last : undefined);
  };
  const { name, ...rest } = definition;
  Object.defineProperty(op, "name", { value: name });
  return Object.assign(op, rest) as unknown as OpFunction<I, A>;
}

const isValue = (x: unknown): x is Value => typeof x === "object" && x !== null && "op" in x && "inputs" in x;
