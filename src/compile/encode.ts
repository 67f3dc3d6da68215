import { END } from "../../assembly/isa/op.js";
import type { Size } from "../graph/shape.js";
import { type Instruction, isPlace, type PlacedOperand, type Segment } from "./instruction.js";

/** Addresses at which the segments start. */
export type SegmentBases = Readonly<Record<Segment, number>>;

/** Words of the record that ends a method. */
const END_WORDS = 2;

/** Words that a method takes in linear memory. */
export const encodedWords = (method: readonly Instruction[]) =>
  method.reduce((words, { kind }) => words + kind.record.words, END_WORDS);

/** The records of a method, with the addresses that the segments have now. */
export function encode(method: readonly Instruction[], bases: SegmentBases): Uint32Array {
  const words = new Uint32Array(encodedWords(method));
  let at = 0;
  for (const { kind, operands } of method) {
    const { op, record } = kind;
    words[at] = op;
    words[at + 1] = record.words;
    for (const [field, operand] of Object.entries(operands)) {
      words[at + fieldIndex(record, field)] = encodeOperand(operand, bases);
    }
    at += record.words;
  }
  words[at] = END;
  words[at + 1] = END_WORDS;
  return words;
}

const fieldIndex = (record: object, field: string) => (record as Record<string, number>)[field] as number;

function encodeOperand(operand: PlacedOperand, bases: SegmentBases): number {
  if (operand === null) return 0;
  if (typeof operand === "number") return operand;
  if (isPlace(operand)) return bases[operand.segment] + operand.offset;
  if ("real" in operand) return realBits(operand.real);
  return encodeCount(operand.count);
}

/** `factor << 1 | perRow`: see assembly/isa/op.ts. */
export function encodeCount({ factor, perRow }: Size): number {
  if (factor >= 2 ** 31) throw new RangeError(`a count of ${factor} elements; needs fewer than 2^31.`);
  return factor * 2 + (perRow ? 1 : 0);
}

const bits = new DataView(new ArrayBuffer(4));

function realBits(value: number): number {
  bits.setFloat32(0, value);
  return bits.getUint32(0);
}
