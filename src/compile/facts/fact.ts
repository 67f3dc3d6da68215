/** What the host knows of an opcode, once: whoever lowers, plans, encodes, verifies or prints asks here. */
/** The enum of a record's fields in `assembly/isa/`. */
export interface RecordLayout {
  readonly words: number;
}

export type FieldOf<R extends RecordLayout> = Exclude<keyof R, "words" | number> & string;

/** What a record holds: forgetting or misspelling an operand is a compile error. */
export type OperandsOf<R extends RecordLayout, O> = { readonly [F in FieldOf<R>]: O };

export interface Fact<R extends RecordLayout = RecordLayout, F extends string = FieldOf<R>> {
  readonly record: R;
  /** The operand that it writes, the first of its record; null for what reports, checks or updates in place. */
  readonly result: F | null;
  /** The operands at whose addresses it reads. */
  readonly reads: readonly F[];
  /** Those of them that its result may be written over, element for element. See the kernels' docstrings. */
  readonly inPlace?: readonly F[];
  /** Whether its function of an element is a series, an exponential among them. */
  readonly isSeries?: true;
  /** Fields whose product is the number of its multiplications. */
  readonly multiplies?: readonly F[];
  /** The field that counts what its index must be below. */
  readonly indexes?: F;
  /** Bytes that it needs beside its operands; `size` gives the elements that a field counts. */
  scratch?(size: (field: F) => number): number;
  /** What is wrong with placed operands, beyond their places. */
  fault?(operands: Readonly<Record<F, unknown>>): string | undefined;
}

/** A part of the engine by name and number: it knows no bytes, so that a primitive can name it anywhere. */
export interface Family {
  readonly name: string;
  /** The high byte of its opcodes. */
  readonly number: number;
}

interface Known {
  readonly op: number;
  readonly name: string;
  readonly family: Family;
}

/** An opcode with all that is known of it. */
export type Kind<R extends RecordLayout = RecordLayout> = Fact<R> & Known;

/** A kind of whatever record. */
export type AnyKind = Fact<RecordLayout, string> & Known;

/** Names of the opcodes of a family, an enum of `assembly/isa/`. */
type NameOf<O> = Exclude<keyof O, number> & string;

type KindOf<F> = F extends { readonly record: infer R extends RecordLayout } ? Kind<R> : never;

type About<R extends RecordLayout> = Omit<Fact<R>, "record">;

/** A fact, held against its record: as another one that it shares it with, and what is its own. */
export const fact = <R extends RecordLayout>(
  record: R,
  rest: About<R>,
  own: Partial<About<R>> = {},
): Fact<R> => ({ ...rest, ...own, record });

/** The kinds of a family by the names of its opcodes, of which none may be missing. */
/* @__NO_SIDE_EFFECTS__ */
export function family<
  O extends Readonly<Record<string, number | string>>,
  F extends { readonly [N in NameOf<O>]: Fact<RecordLayout, string> },
>(name: string, number: number, opcodes: O, facts: F): { readonly [N in NameOf<O>]: KindOf<F[N]> } {
  const self: Family = { name, number };
  const kinds = Object.entries(facts).map(([key, one]) => [
    key,
    { ...(one as Fact<RecordLayout, string>), op: opcodes[key], name: key, family: self },
  ]);
  return Object.fromEntries(kinds);
}
