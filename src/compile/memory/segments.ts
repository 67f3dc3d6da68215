/**
 * How parameters lie in their segment:
 *
 *     trained, group by group | running averages | frozen | constants
 *
 * A group is updated alike: with one weight decay and one share of the learning rate, and its training began at one
 * step. Gradients have the trained groups and what the running averages move towards, slots the trained groups only,
 * laid out alike, so that an update is one flat pass for each group.
 */

import { type ConstantAttributes, constant, type Parameter } from "../../graph/primitives/step/source.js";
import { sizeOf } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import { parameterElements } from "../graphs.js";
import { align, type Place, type Segment, WHOLE_SEGMENT } from "../instruction.js";

export interface ParameterPlaces {
  readonly places: ReadonlyMap<Parameter, Place>;
  readonly groups: readonly Group[];
  /** Bytes of all groups. */
  readonly trainedBytes: number;
  /** Bytes of the running averages that training moves. */
  readonly averagedBytes: number;
  /** Bytes of all parameters: here the constants begin. */
  readonly bytes: number;
}

/** Parameters that are updated in one pass. */
export interface Group {
  readonly offset: number;
  readonly bytes: number;
  /** Weight decay. */
  readonly decay: number;
  /** Factor on the learning rate. */
  readonly rate: number;
  /** Steps that were made before their training began: what the optimizer counts from. */
  readonly since: number;
}

/** The step at which a parameter's training began; undefined for one that is frozen. */
export type Since = (parameter: Parameter) => number | undefined;

/** How a parameter is updated. */
export type Treatment = Pick<Group, "decay" | "rate">;

export function placeParameters(
  parameters: readonly Parameter[],
  since: Since,
  treatmentOf: (parameter: Parameter) => Treatment,
): ParameterPlaces {
  const places = new Map<Parameter, Place>();
  let offset = 0;
  const put = (chosen: readonly Parameter[]) => {
    for (const one of chosen) {
      const bytes = align(parameterElements(one) * 4);
      places.set(one, {
        segment: "parameters",
        offset,
        bytes,
        size: sizeOf(one.shape),
        content: WHOLE_SEGMENT,
      });
      offset += bytes;
    }
    return offset;
  };
  const moving = parameters.filter((one) => since(one) !== undefined);
  const trained = moving.filter(({ average }) => average === undefined);
  const groups: Group[] = [];
  for (const { alike, members } of groupsOf(trained, since, treatmentOf)) {
    const first = offset;
    groups.push({ ...alike, offset: first, bytes: put(members) - first });
  }
  const trainedBytes = offset;
  const averagedBytes = put(moving.filter(({ average }) => average !== undefined)) - trainedBytes;
  const bytes = put(parameters.filter((one) => since(one) === undefined));
  return { places, groups, trainedBytes, averagedBytes, bytes };
}

type Alike = Pick<Group, "decay" | "rate" | "since">;

/** Parameters that are updated alike: those that began earlier come first. */
function groupsOf(
  trained: readonly Parameter[],
  since: Since,
  treatmentOf: (parameter: Parameter) => Treatment,
): readonly { readonly alike: Alike; readonly members: Parameter[] }[] {
  const groups = new Map<string, { alike: Alike; members: Parameter[] }>();
  for (const one of trained) {
    const { decay, rate } = treatmentOf(one);
    const alike = { decay, rate, since: since(one) as number };
    const key = Object.values(alike).join();
    const group = groups.get(key) ?? { alike, members: [] };
    groups.set(key, group);
    group.members.push(one);
  }
  return [...groups.values()].sort((a, b) => a.alike.since - b.alike.since);
}

/** Numbers that the host writes when it loads a program. */
export interface PlacedConstant {
  readonly place: Place;
  readonly values: Float32Array;
}

export const isConstant = ({ op }: Value) => (op as unknown) === constant;

/**
 * Places for the constants of all methods, from `start` on in the parameter segment. Each method has a graph with
 * constants of its own: those of the same bits share a place.
 */
export function placeConstants(
  orders: readonly (readonly Value[])[],
  start: number,
): { constants: ReadonlyMap<Value, PlacedConstant>; end: number } {
  const constants = new Map<Value, PlacedConstant>();
  /** Those of the same bits, by these. */
  const known = new Map<string, PlacedConstant[]>();
  let offset = start;
  for (const order of orders) {
    // Within one method each value has a place of its own: verify tells contents apart by it.
    const taken = new Set(order.map((value) => constants.get(value)));
    const next = new Map<string, number>();
    for (const value of order) {
      if (!isConstant(value) || constants.has(value)) continue;
      const { values } = value.attributes as ConstantAttributes;
      const key = keyOf(values, known);
      const alike = known.get(key) ?? [];
      let i = next.get(key) ?? 0;
      while (i < alike.length && taken.has(alike[i])) i++;
      next.set(key, i + 1);
      const bytes = align(values.byteLength);
      const size = sizeOf(value.shape);
      const fresh = {
        place: { segment: "parameters", offset, bytes, size, content: WHOLE_SEGMENT },
        values,
      } as const;
      const placed = alike[i] ?? fresh;
      constants.set(value, placed);
      if (placed !== fresh) continue;
      if (alike.push(fresh) === 1) known.set(key, alike);
      offset += bytes;
    }
  }
  return { constants, end: offset };
}

const bitsOf = ({ buffer, byteOffset, length }: Float32Array) => new Uint32Array(buffer, byteOffset, length);

/** The same for the same bits alone: their hash (FNV-1a, word by word), and a mark for each that met it before. */
function keyOf(values: Float32Array, known: ReadonlyMap<string, readonly PlacedConstant[]>): string {
  let hash = 0x811c9dc5;
  for (const bits of bitsOf(values)) hash = Math.imul(hash ^ bits, 0x01000193);
  let key = String(hash);
  const isOther = (one: PlacedConstant | undefined) => one !== undefined && !sameBits(one.values, values);
  while (isOther(known.get(key)?.[0])) key += "+";
  return key;
}

function sameBits(a: Float32Array, b: Float32Array): boolean {
  const other = bitsOf(b);
  return a.length === b.length && bitsOf(a).every((bits, i) => bits === other[i]);
}

/** A part of a segment that no single value owns. */
export const part = (segment: Segment, offset: number, bytes: number): Place => ({
  segment,
  offset,
  bytes,
  size: sizeOf([bytes / 4]),
  content: WHOLE_SEGMENT,
});
