/**
 * Checks a method before it is loaded: every operand lies inside its segment and is aligned, no movement leaves its
 * operands, nothing is read before it was written, no value that is still needed was overwritten, and no kernel works in
 * place that cannot.
 */
import {
  type Instruction,
  isPlace,
  type Place,
  SEGMENTS,
  type Segment,
  type SegmentBytes,
  WHOLE_SEGMENT,
} from "../instruction.js";
import { Owners } from "./owners.js";

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
    const { kind } = instruction;
    const fail = (what: string) => {
      throw new Error(
        `verify: instruction ${index} (${instruction.kind.name} of "${instruction.layer}") ${what}.`,
      );
    };
    const fields = Object.entries(instruction.operands);
    if (fields.length !== kind.record.words - 2) fail("has operands missing");
    const places = fields.flatMap(([field, operand]) =>
      isPlace(operand) ? [{ field, place: operand }] : [],
    );
    for (const { field, place } of places) {
      if (place.offset < 0 || place.offset + place.bytes > segments[place.segment]) {
        fail(`has ${field} outside its segment`);
      }
      if (place.offset % 16 !== 0) fail(`has ${field} at an offset that is not aligned`);
    }
    const fault = kind.fault?.(instruction.operands);
    if (fault !== undefined) fail(fault);
    const unknown = places.find(({ field }) => field !== kind.result && !kind.reads.includes(field));
    if (unknown !== undefined) fail(`has ${unknown.field}, of which it is not known what it is for`);
    const result = places.find(({ field }) => field === kind.result);
    const inputs = places.filter((one) => one !== result);
    for (const { field, place } of inputs) {
      if (!owns(place)) fail(`reads ${field}, which was not written or is overwritten`);
    }
    if (result === undefined) return;
    for (const { field, place } of inputs) {
      const isSafe = kind.inPlace?.includes(field) && sameElements(place, result.place);
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
