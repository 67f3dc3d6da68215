/** Where the numbers of a parameter lie here and in PyTorch. */

/** A parameter as PyTorch has it. */
export interface TorchLayout {
  /** Its shape there. */
  readonly shape: readonly number[];
  /** Of each axis there, which axis here. */
  readonly axes: readonly number[];
  /** Of each place there along an axis here, which place here: features that `flatten` puts in another order. */
  readonly order?: { readonly axis: number; readonly places: readonly number[] } | undefined;
}

/** As it is, but for the order of features along one axis. */
export const asItIs = (
  shape: readonly number[],
  axis = 0,
  places: readonly number[] | undefined = undefined,
): TorchLayout => ({ shape, axes: shape.map((_, i) => i), order: places && { axis, places } });

/** A kernel [places, in, out] as [out, in, places]; with the order of what goes in. */
export function kernelLayout(shape: readonly number[], places?: readonly number[]): TorchLayout {
  const last = shape.length - 1;
  const axes = [last, last - 1, ...shape.slice(0, -2).map((_, axis) => axis)];
  return {
    shape: axes.map((axis) => shape[axis] as number),
    axes,
    order: places && { axis: last - 1, places },
  };
}

/** Sizes along the axes of a map, its channels last, as of one whose channels are first. */
export function channelsFirst(shape: readonly number[]): TorchLayout {
  const last = shape.length - 1;
  const axes = [last, ...shape.slice(0, -1).map((_, axis) => axis)];
  return { shape: axes.map((axis) => shape[axis] as number), axes };
}

/** Of each number there, in its order, which number here. */
export function placesHere({ shape, axes, order }: TorchLayout): Uint32Array {
  const sizes: number[] = [];
  axes.forEach((axis, i) => {
    sizes[axis] = shape[i] as number;
  });
  const strides = sizes.map((_, axis) => sizes.slice(axis + 1).reduce((product, size) => product * size, 1));
  const count = sizes.reduce((product, size) => product * size, 1);
  const places = new Uint32Array(count);
  for (let k = 0; k < count; k++) {
    let rest = k;
    let place = 0;
    for (let i = shape.length - 1; i >= 0; i--) {
      const size = shape[i] as number;
      const axis = axes[i] as number;
      const there = rest % size;
      rest = (rest - there) / size;
      place += (order?.axis === axis ? (order.places[there] as number) : there) * (strides[axis] as number);
    }
    places[k] = place;
  }
  return places;
}

/** Numbers here in the order that they have there. */
export const toTorch = (here: Float32Array, layout: TorchLayout): Float32Array<ArrayBuffer> =>
  Float32Array.from(placesHere(layout), (place) => here[place] as number);

/** Numbers there in the order that they have here. */
export function fromTorch(there: Float32Array, layout: TorchLayout): Float32Array<ArrayBuffer> {
  const here = new Float32Array(there.length);
  placesHere(layout).forEach((place, k) => {
    here[place] = there[k] as number;
  });
  return here;
}
