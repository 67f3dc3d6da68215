/**
 * How parameters lie in their segment:
 *
 *     trained, with weight decay | trained, without | frozen | constants
 *
 * Gradients and slots have the two trained parts only, laid out alike, so that an update is one flat pass for each.
 */
import { sizeOf } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { type ConstantAttributes, constant, type Parameter } from "../ops/source.js";
import { parameterElements } from "./graphs.js";
import { align, type Place, type Segment, WHOLE_SEGMENT } from "./instruction.js";

export interface ParameterPlaces {
  readonly places: ReadonlyMap<Parameter, Place>;
  /** Bytes of the trained parameters that decay, and of all that are trained. */
  readonly decayedBytes: number;
  readonly trainedBytes: number;
  /** Bytes of all parameters: here the constants begin. */
  readonly bytes: number;
}

export function placeParameters(
  parameters: readonly Parameter[],
  isTrained: (parameter: Parameter) => boolean,
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
  const trained = parameters.filter(isTrained);
  const decayedBytes = put(trained.filter(({ decay }) => decay !== false));
  const trainedBytes = put(trained.filter(({ decay }) => decay === false));
  const bytes = put(parameters.filter((one) => !isTrained(one)));
  return { places, decayedBytes, trainedBytes, bytes };
}

/** Numbers that the host writes when it loads a program. */
export interface PlacedConstant {
  readonly place: Place;
  readonly values: Float32Array;
}

export const isConstant = ({ op }: Value) => (op as unknown) === constant;

/** Places for the constants of all methods, from `start` on in the parameter segment. */
export function placeConstants(
  orders: readonly (readonly Value[])[],
  start: number,
): { constants: ReadonlyMap<Value, PlacedConstant>; end: number } {
  const constants = new Map<Value, PlacedConstant>();
  let offset = start;
  for (const value of orders.flat()) {
    if (!isConstant(value) || constants.has(value)) continue;
    const { values } = value.attributes as ConstantAttributes;
    const bytes = align(values.byteLength);
    const size = sizeOf(value.shape);
    constants.set(value, {
      place: { segment: "parameters", offset, bytes, size, content: WHOLE_SEGMENT },
      values,
    });
    offset += bytes;
  }
  return { constants, end: offset };
}

/** A part of a segment that no single value owns. */
export const part = (segment: Segment, offset: number, bytes: number): Place => ({
  segment,
  offset,
  bytes,
  size: sizeOf([bytes / 4]),
  content: WHOLE_SEGMENT,
});
