import type { Size } from "../graph/shape.js";
import type { AnyKind, Kind, OperandsOf, RecordLayout } from "./facts/fact.js";

/** The regions of linear memory that instructions address. */
export const SEGMENTS = ["parameters", "gradients", "slots", "arena", "scratch"] as const;
export type Segment = (typeof SEGMENTS)[number];

/** Bytes of each segment. */
export type SegmentBytes = Readonly<Record<Segment, number>>;

/** Where a value lies: `bytes` bytes at an offset in a segment. */
export interface Place {
  readonly segment: Segment;
  readonly offset: number;
  readonly bytes: number;
  /** Floats that are in use: fewer than there is room for, and fewer still when the rows are few. */
  readonly size: Size;
  /** Tells apart what lies in one place at different times. A view has the content of what it shows. */
  readonly content: number;
}

/** The content of a whole segment, which no single value owns. */
export const WHOLE_SEGMENT = -1;

/** Operands after planning: values have become places. */
export type PlacedOperand = Place | null | { readonly count: Size } | { readonly real: number } | number;

/** One record before its addresses are known. */
export interface Instruction {
  readonly kind: AnyKind;
  readonly operands: Readonly<Record<string, PlacedOperand>>;
  /** The layer whose value it computes. */
  readonly layer: string;
}

/** A record of that kind: a wrong operand, or one that is missing, does not compile. */
export const instruction = <R extends RecordLayout>(
  kind: Kind<R>,
  layer: string,
  operands: OperandsOf<R, PlacedOperand>,
): Instruction => ({ kind: kind as unknown as AnyKind, layer, operands });

export const isPlace = (operand: PlacedOperand): operand is Place =>
  typeof operand === "object" && operand !== null && "segment" in operand;

/** Every vector of a buffer can be read whole, and buffers do not share cache lines. */
const ALIGNMENT = 64;

export const align = (bytes: number) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
