/** Ops that only rename or put elsewhere. */
import type { Definition } from "../definition.js";
import { element, ndArray } from "../ndArray.js";

export const reshape: Definition<unknown> = ([x], shape) => ({ shape, data: x!.data });

export const transpose: Definition<{ permutation: readonly number[] }> = ([x], shape, { permutation }) =>
  ndArray(shape, (index) => element(x!, (axis) => index[permutation.indexOf(axis)]!));

export const concat: Definition<{ axis: number }> = (inputs, shape, { axis }) =>
  ndArray(shape, (index) => {
    let place = index[axis]!;
    let which = 0;
    while (place >= inputs[which]!.shape[axis]!) place -= inputs[which++]!.shape[axis]!;
    return element(inputs[which]!, (i) => (i === axis ? place : index[i]!));
  });

interface Part {
  readonly starts: readonly number[];
  readonly steps: readonly number[];
}

export const slice: Definition<Part> = ([x], shape, { starts, steps }) =>
  ndArray(shape, (index) => element(x!, (axis) => starts[axis]! + index[axis]! * steps[axis]!));

interface Padding {
  readonly before: readonly number[];
  readonly between: readonly number[];
  readonly value: number;
}

export const pad: Definition<Padding> = ([x], shape, { before, between, value }) =>
  ndArray(shape, (index) => {
    const places = index.map((place, axis) => (place - before[axis]!) / (between[axis]! + 1));
    const isInside = places.every(
      (place, axis) => Number.isInteger(place) && place >= 0 && place < x!.shape[axis]!,
    );
    return isInside ? element(x!, (axis) => places[axis]!) : Math.fround(value);
  });
