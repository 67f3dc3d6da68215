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
  const [height, width, channels] = from;
  const narrow = new Float64Array(height * to[1] * channels);
  for (let image = 0; image < count; image++) {
    const start = image * sizeOfImage(from);
    for (let y = 0; y < height; y++) {
      for (const [x, { first, weights }] of columns.entries()) {
        for (let channel = 0; channel < channels; channel++) {
          let sum = 0;
          for (let i = 0; i < weights.length; i++) {
            const at = start + (y * width + first + i) * channels + channel;
            sum += (weights[i] as number) * (pixels[at] as number);
          }
          narrow[(y * to[1] + x) * channels + channel] = sum;
        }
      }
    }
    const line = to[1] * channels;
    for (const [y, { first, weights }] of rows.entries()) {
      for (let i = 0; i < line; i++) {
        let sum = 0;
        for (let j = 0; j < weights.length; j++) {
          sum += (weights[j] as number) * (narrow[(first + j) * line + i] as number);
        }
        out[image * sizeOfImage(to) + y * line + i] = keep(sum);
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
