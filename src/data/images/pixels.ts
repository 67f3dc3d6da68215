/** Images as their numbers lie: one after the other, rows of pixels from the top, channels last. */
import { isBytes } from "../../check/arrayKind.js";
import { DataError, OptionError } from "../../check/errors.js";
import { describe } from "../../check/options.js";

/** Height, width and channels of an image: `[28, 28, 1]`. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** Images of one shape: bytes from 0 to 255, or numbers of any range. */
export type Pixels = Uint8Array | Uint8ClampedArray | Float32Array;

/** Numbers of one image. */
export const sizeOfImage = ([height, width, channels]: ImageShape): number => height * width * channels;

/** Kind of an option that is the shape of images. */
export function imageShape(who: string, name: string, given: ImageShape): ImageShape {
  const sizes: unknown = given;
  const isShape =
    Array.isArray(sizes) && sizes.length === 3 && sizes.every((one) => Number.isInteger(one) && one > 0);
  if (isShape) return [given[0], given[1], given[2]];
  throw new OptionError(
    `${who}: ${name} is ${describe(given)}; needs [height, width, channels], as [28, 28, 1].`,
  );
}

/**
 * How many images the pixels are.
 *
 * @throws DataError for what is no typed array of pixels, or no whole number of images
 */
export function countImages(who: string, pixels: Pixels, shape: ImageShape): number {
  const given: unknown = pixels;
  if (!(ArrayBuffer.isView(given) && (isBytes(given as Pixels) || given instanceof Float32Array))) {
    throw new DataError(
      `${who}: the pixels are ${describe(given)}; needs a Uint8Array, Uint8ClampedArray or Float32Array.`,
    );
  }
  const count = pixels.length / sizeOfImage(shape);
  if (Number.isInteger(count) && count > 0) return count;
  throw new DataError(
    `${who}: there are ${pixels.length} numbers; needs ${sizeOfImage(shape)} for each image of shape ` +
      `[${shape.join(", ")}], one after the other.`,
  );
}

/** Room for as many pixels of the same kind: bytes for bytes, f32 for everything else. */
export const roomLike = (pixels: Pixels, length: number): Uint8Array | Float32Array =>
  isBytes(pixels) ? new Uint8Array(length) : new Float32Array(length);

/** A number as bytes hold it: rounded, half up, within 0 … 255. */
export const toByte = (value: number): number => Math.min(Math.max(Math.floor(value + 0.5), 0), 255);
