/**
 * Checks a method before it is loaded: every operand lies inside its segment and is aligned, no movement leaves its
 * operands, nothing is read before it was written, no value that is still needed was overwritten, and no kernel works in
 * place that cannot.
 */
import { Op, SUM_SLOTS } from "../../../assembly/isa.js";
import {
  type Instruction,
  isPlace,
  type Place,
  SEGMENTS,
  type Segment,
  type SegmentBytes,
  WHOLE_SEGMENT,
} from "../instruction.js";
import { staysInside } from "../recompute/reach.js";
import { Owners } from "./owners.js";

/** Instructions without a result: all their places are read. */
const READS_ONLY: readonly Op[] = [Op.Report, Op.GradientNorm, Op.Sgd, Op.Adam, Op.Accumulate];

/** Whether all places of an instruction are read: it reports, checks or updates in place. */
const readsOnly = (op: Op) => READS_ONLY.includes(op) || (op >= Op.ClipGradient && op <= Op.Measure);

const IN_PLACE: readonly Op[] = [
  Op.Softmax,
  Op.LogSoftmax,
  Op.SoftmaxGrad,
  Op.LogSoftmaxGrad,
  Op.Dropout,
  Op.Select,
  Op.CumulativeSum,
  Op.NormalizeInner,
  Op.NormalizeInnerGrad,
  Op.NormalizeOuter,
  Op.NormalizeOuterGrad,
];

/** Whether a kernel may write its result over that operand, element for element. See the kernels' docstrings. */
export function worksInPlace(op: Op, field: string): boolean {
  if (op >= Op.SquaredErrorGrad && op <= Op.BinaryCrossEntropyGrad) return field === "prediction";
  if (op === Op.CtcGrad) return field === "x";
  const isElementwise = (op >= Op.Copy && op <= Op.Power) || (op >= Op.Gelu && op <= Op.MishGrad);
  return isElementwise || IN_PLACE.includes(op);
}

const overlap = (a: Place, b: Place) =>
  a.segment === b.segment && Math.max(a.offset, b.offset) < Math.min(a.offset + a.bytes, b.offset + b.bytes);

const sameElements = (a: Place, b: Place) =>
  a.offset === b.offset && a.size.factor === b.size.factor && a.size.perRow === b.size.perRow;

/** @throws Error: a fault of the compiler, never of its user */
export function verify(
  method: readonly Instruction[],
  segments: SegmentBytes,
  initialized: readonly Place[],
): void {
  const owners = ownersOf(method, initialized);
  const write = (place: Place) => owners.get(place.segment)?.write(place);
  const owns = (place: Place) =>
    place.content === WHOLE_SEGMENT || owners.get(place.segment)?.owns(place) === true;
  for (const place of initialized) write(place);
  method.forEach((instruction, index) => {
    const fail = (what: string) => {
      throw new Error(
        `verify: instruction ${index} (${Op[instruction.op]} of "${instruction.layer}") ${what}.`,
      );
    };
    const fields = Object.entries(instruction.operands);
    if (fields.length !== instruction.record.words - 2) fail("has operands missing");
    const places = fields.flatMap(([field, operand]) =>
      isPlace(operand) ? [{ field, place: operand }] : [],
    );
    for (const { field, place } of places) {
      if (place.offset < 0 || place.offset + place.bytes > segments[place.segment]) {
        fail(`has ${field} outside its segment`);
      }
      if (place.offset % 16 !== 0) fail(`has ${field} at an offset that is not aligned`);
    }
    if (instruction.op === Op.Report && Number(instruction.operands.slot) >= SUM_SLOTS)
      fail("has no such slot");
    if (instruction.op === Op.Move) {
      for (const side of ["y", "x"] as const) {
        if (!staysInside(instruction, side)) fail(`moves elements beyond the end of ${side}`);
      }
    }
    const [result, ...others] = places;
    const inputs = readsOnly(instruction.op) ? places : others;
    for (const { field, place } of inputs) {
      if (!owns(place)) fail(`reads ${field}, which was not written or is overwritten`);
    }
    if (result === undefined || inputs === places) return;
    for (const { field, place } of others) {
      const isSafe = worksInPlace(instruction.op, field) && sameElements(place, result.place);
      if (overlap(place, result.place) && !isSafe) fail(`overwrites ${field} while it reads it`);
    }
    write(result.place);
  });
}

/** For each segment, who has written what. */
function ownersOf(method: readonly Instruction[], initialized: readonly Place[]): Map<Segment, Owners> {
  const places = new Map<Segment, Place[]>(SEGMENTS.map((segment) => [segment, []]));
  const add = (place: Place) => places.get(place.segment)?.push(place);
  initialized.forEach(add);
  for (const { operands } of method) Object.values(operands).filter(isPlace).forEach(add);
  return new Map([...places].map(([segment, all]) => [segment, new Owners(all)]));
}
