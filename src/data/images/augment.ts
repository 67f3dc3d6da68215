import { DataError } from "../../check/errors.js";
import { finite, flag, integer, numberOf, share } from "../../check/kinds.js";
import { describe } from "../../check/options.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { cosinePi } from "../../numeric/exactMath.js";
import { Purpose, randomStream } from "../../numeric/random.js";
import { batchRows } from "../datasets/stack.js";
import { Use } from "../splits/draws.js";
import {
  countImages,
  type ImageShape,
  imageShape,
  type Pixels,
  roomLike,
  sizeOfImage,
  toByte,
} from "./pixels.js";

export interface AugmentOptions {
  /** Height, width and channels of each image. */
  readonly shape: ImageShape;
  /** Whether every other image, by chance, is mirrored left to right; default false. */
  readonly horizontalFlip?: boolean;
  /** Whether every other image, by chance, is mirrored top to bottom; default false. */
  readonly verticalFlip?: boolean;
  /** Moves by up to so many whole pixels, as a crop out of an image that is padded by as many; default 0. */
  readonly crop?: number;
  /** Moves by up to this share of height and width; default 0. */
  readonly shift?: number;
  /** Turns by up to so many degrees either way; default 0. */
  readonly rotation?: number;
  /** Magnifies by a factor within 1 ± scale; default 0. */
  readonly scale?: number;
  /** Adds up to this share of the range either way: of 255 for bytes, of 1 for other numbers; default 0. */
  readonly brightness?: number;
  /** Multiplies what differs from the image's mean by a factor within 1 ± contrast; default 0. */
  readonly contrast?: number;
  /** Side in pixels of a square, anywhere, that is painted over with `fill` (DeVries & Taylor 2017); default 0: none. */
  readonly cutOut?: number;
  /** What lies outside of the image; default 0. */
  readonly fill?: number;
  /** Seed of all that is drawn; default 0. */
  readonly seed?: number;
}

/** An example or a batch of them: `x` is changed, everything else stays as it is. */
export interface ImageExample {
  readonly x: unknown;
}

/** What `Dataset.map` calls for each element. */
export type Augmenter = <E extends ImageExample>(
  element: E,
  index?: number,
  epoch?: number,
) => Omit<E, "x"> & { readonly x: Uint8Array | Float32Array };

/** Numbers that are drawn for an image, by their place: another option changes none of those of the rest. */
enum Draw {
  Horizontal,
  Vertical,
  CropX,
  CropY,
  ShiftX,
  ShiftY,
  Rotation,
  Scale,
  Brightness,
  Contrast,
  CutX,
  CutY,
}
const DRAWS = 16;
const TWO_32 = 2 ** 32;

const degrees = /* @__PURE__ */ numberOf("degrees from 0 to 180", (x) => x >= 0 && x <= 180);

/**
 * Makes a function that changes images by chance, for `Dataset.map`: each image of each epoch has changes of its own,
 * which follow from the seed, the number of the epoch and the place of the image alone. Bytes stay bytes.
 *
 * Mirroring, turning, scaling and moving are one change of place about the center of the image; between pixels the mean of
 * the four around is taken. Then come contrast, brightness, and the square that is cut out.
 *
 * @throws OptionError
 * @example
 * const digits = Dataset.fromArrays({ x, y })
 *   .shuffle({ bufferSize: 60_000 })
 *   .batch(64)
 *   .map(augment({ shape: [28, 28, 1], rotation: 10, shift: 0.1, seed: 1 }))
 *   .prefetch(2);
 */
export function augment(options: AugmentOptions): Augmenter {
  checkSurplus("augment", arguments, 1);
  const settled = take("augment", options, {
    shape: imageShape,
    horizontalFlip: flag(false),
    verticalFlip: flag(false),
    crop: integer(0, 0),
    shift: share(0),
    rotation: degrees(0),
    scale: share(0),
    brightness: share(0),
    contrast: share(0),
    cutOut: integer(0, 0),
    fill: finite(0),
    seed: integer(0, 0),
  });
  const { shape, seed } = settled;
  return (element, index = 0, epoch = 0) => {
    const { x } = element;
    if (!ArrayBuffer.isView(x)) {
      throw new DataError(
        `augment: x is ${describe(x)}; needs a flat typed array. Give x to the dataset as one.`,
      );
    }
    const pixels = x as Pixels;
    const count = countImages("augment", pixels, shape);
    const out = roomLike(pixels, pixels.length);
    for (let i = 0; i < count; i++) {
      // Each image of a batch has a stream of its own; those below 256 serve other uses.
      const stream = randomStream(seed, epoch, Use.Augment + (i << 8), Purpose.Shuffle);
      const draw = (what: Draw) => stream.uint32(index * DRAWS + what) / TWO_32;
      changeImage(pixels, out, i * sizeOfImage(shape), settled, draw);
    }
    const changed = { ...element, x: out };
    const rows = batchRows.get(element);
    if (rows !== undefined) batchRows.set(changed, rows);
    return changed;
  };
}

type Settled = Required<AugmentOptions>;
/** Of an image: a number from 0 to below 1. */
type Chance = (what: Draw) => number;

function changeImage(from: Pixels, out: Pixels, start: number, options: Settled, draw: Chance): void {
  const { shape, fill } = options;
  const [height, width, channels] = shape;
  const place = placesOf(options, draw);
  const tone = toneOf(from, start, options, draw);
  const cut = cutOf(options, draw);
  const keep = out instanceof Uint8Array ? toByte : (value: number) => value;
  const at = (x: number, y: number, channel: number) =>
    x >= 0 && x < width && y >= 0 && y < height
      ? (from[start + (y * width + x) * channels + channel] as number)
      : fill;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [sourceX, sourceY] = place(x, y);
      const [left, top] = [Math.floor(sourceX), Math.floor(sourceY)];
      const [dx, dy] = [sourceX - left, sourceY - top];
      for (let channel = 0; channel < channels; channel++) {
        const upper = (1 - dx) * at(left, top, channel) + dx * at(left + 1, top, channel);
        const lower = (1 - dx) * at(left, top + 1, channel) + dx * at(left + 1, top + 1, channel);
        const value = cut(x, y) ? fill : tone((1 - dy) * upper + dy * lower);
        out[start + (y * width + x) * channels + channel] = keep(value);
      }
    }
  }
}

/** Where in the image the pixel (x, y) of the new one comes from. */
function placesOf(options: Settled, draw: Chance): (x: number, y: number) => readonly [number, number] {
  const [height, width] = options.shape;
  const around = (what: Draw, most: number) => (most === 0 ? 0 : (2 * draw(what) - 1) * most);
  const whole = (what: Draw) => Math.floor(draw(what) * (2 * options.crop + 1)) - options.crop;
  const moveX = around(Draw.ShiftX, options.shift * width) + whole(Draw.CropX);
  const moveY = around(Draw.ShiftY, options.shift * height) + whole(Draw.CropY);
  const turn = around(Draw.Rotation, options.rotation / 180);
  const [cosine, sine] = [cosinePi(turn), cosinePi(turn - 0.5)];
  const scale = 1 + around(Draw.Scale, options.scale);
  const flipX = options.horizontalFlip && draw(Draw.Horizontal) < 0.5 ? -1 : 1;
  const flipY = options.verticalFlip && draw(Draw.Vertical) < 0.5 ? -1 : 1;
  const [centerX, centerY] = [(width - 1) / 2, (height - 1) / 2];
  return (x, y) => {
    const [right, down] = [x - centerX - moveX, y - centerY - moveY];
    const turnedX = (cosine * right + sine * down) / scale;
    const turnedY = (cosine * down - sine * right) / scale;
    return [flipX * turnedX + centerX, flipY * turnedY + centerY];
  };
}

/** What contrast and brightness make of a number. */
function toneOf(from: Pixels, start: number, options: Settled, draw: Chance): (value: number) => number {
  const { contrast, brightness, shape } = options;
  if (contrast === 0 && brightness === 0) return (value) => value;
  const range = from instanceof Float32Array ? 1 : 255;
  const size = sizeOfImage(shape);
  let sum = 0;
  for (let i = 0; i < size; i++) sum += from[start + i] as number;
  const mean = sum / size;
  const factor = 1 + (2 * draw(Draw.Contrast) - 1) * contrast;
  const added = (2 * draw(Draw.Brightness) - 1) * brightness * range;
  return (value) => (value - mean) * factor + mean + added;
}

/** Whether a pixel lies in the square that is cut out: its center is any pixel, so that it may reach beyond the edge. */
function cutOf({ cutOut, shape }: Settled, draw: Chance): (x: number, y: number) => boolean {
  if (cutOut === 0) return () => false;
  const corner = (what: Draw, side: number) => Math.floor(draw(what) * side) - (cutOut >> 1);
  const [left, top] = [corner(Draw.CutX, shape[1]), corner(Draw.CutY, shape[0])];
  return (x, y) => x >= left && x < left + cutOut && y >= top && y < top + cutOut;
}
