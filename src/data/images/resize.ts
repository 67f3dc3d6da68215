import { OptionError } from "../../check/errors.js";
import { oneOf } from "../../check/kinds.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import {
  countImages,
  type ImageShape,
  imageShape,
  type Pixels,
  roomLike,
  sizeOfImage,
  toByte,
} from "./pixels.js";

const METHODS = { bilinear: 0, nearest: 0 };

export interface ResizeOptions {
  /** Height, width and channels as the images are. */
  readonly from: ImageShape;
  /** Height and width, and the same channels, as they are to be. */
  readonly to: ImageShape;
  /**
   * `bilinear` (default): the mean of the four pixels around, weighted by how near they are; where an image gets smaller,
   * the mean of all pixels that the new one covers. `nearest`: the pixel in which the new one's center lies.
   */
  readonly method?: "bilinear" | "nearest";
}

/** What of the pixels of a line makes one pixel of the new line. */
interface Tap {
  readonly first: number;
  readonly weights: readonly number[];
}

/**
 * Images of another size: the triangle filter as wide as the larger of the two steps, pixels being squares whose centers lie at halves
 * (Pillow's `resize` with BILINEAR; PyTorch's `interpolate` with `antialias`). Bytes stay bytes.
 *
 * @throws OptionError, DataError for what is no whole number of images
 * @example
 * const small = resizeImages(photos, { from: [480, 640, 3], to: [96, 128, 3] });
 */
export function resizeImages(pixels: Pixels, options: ResizeOptions): Uint8Array | Float32Array {
  checkSurplus("resizeImages", arguments, 2);
  const who = "resizeImages";
  const { from, to, method } = take(who, options, {
    from: imageShape,
    to: imageShape,
    method: oneOf(METHODS, "bilinear"),
  });
  if (from[2] !== to[2]) {
    throw new OptionError(
      `${who}: from has ${from[2]} channels and to has ${to[2]}; needs equally many. Only height and width change.`,
    );
  }
  const count = countImages(who, pixels, from);
  const taps = method === "nearest" ? nearestTaps : triangleTaps;
  const rows = taps(from[0], to[0]);
  const columns = taps(from[1], to[1]);
  const out = roomLike(pixels, count * sizeOfImage(to));
  const keep = out instanceof Uint8Array ? toByte : (value: number) => value;
  for (let image = 0; image < count; image++) {
    const one = pixels.subarray(image * sizeOfImage(from), (image + 1) * sizeOfImage(from));
    // Lines of pixels first, each of its channels by itself; then lines of those, a number beside the other.
    const narrow = resized(one, columns, { lines: from[0], size: from[1], inner: from[2] });
    const whole = resized(narrow, rows, { lines: 1, size: from[0], inner: to[1] * to[2] });
    for (let i = 0; i < whole.length; i++) out[image * sizeOfImage(to) + i] = keep(whole[i] as number);
  }
  return out;
}

/** How numbers lie: so many lines of `size` places, with `inner` numbers at each. */
interface Lines {
  readonly lines: number;
  readonly size: number;
  readonly inner: number;
}

/** Lines with a place for each tap. */
function resized(x: ArrayLike<number>, taps: readonly Tap[], { lines, size, inner }: Lines): Float64Array {
  const out = new Float64Array(lines * taps.length * inner);
  for (let line = 0; line < lines; line++) {
    for (const [place, { first, weights }] of taps.entries()) {
      for (let i = 0; i < inner; i++) {
        let sum = 0;
        for (const [j, weight] of weights.entries()) {
          sum += weight * (x[(line * size + first + j) * inner + i] as number);
        }
        out[(line * taps.length + place) * inner + i] = sum;
      }
    }
  }
  return out;
}

function nearestTaps(from: number, to: number): Tap[] {
  return Array.from({ length: to }, (_, i) => ({
    first: Math.min(Math.floor(((i + 0.5) * from) / to), from - 1),
    weights: [1],
  }));
}

function triangleTaps(from: number, to: number): Tap[] {
  const scale = from / to;
  const radius = Math.max(scale, 1);
  return Array.from({ length: to }, (_, i) => {
    const center = (i + 0.5) * scale;
    const first = Math.max(Math.floor(center - radius + 0.5), 0);
    const end = Math.min(Math.floor(center + radius + 0.5), from);
    const weights = Array.from({ length: end - first }, (_unused, j) =>
      Math.max(1 - Math.abs((first + j + 0.5 - center) / radius), 0),
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}
