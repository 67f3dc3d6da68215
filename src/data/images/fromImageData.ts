import { DataError, OptionError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";

/** What `CanvasRenderingContext2D.getImageData` gives, or whoever decodes PNG and JPEG: red, green, blue and alpha of each pixel. */
export interface ImageDataLike {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

export interface ImageDataOptions {
  /** 3 (default): red, green, blue. 1: how light each pixel is, 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601). 4: all. */
  readonly channels?: 1 | 3 | 4;
  /** The color behind pixels that are not opaque, as [255, 255, 255]. */
  readonly background?: readonly [red: number, green: number, blue: number];
}

const channelCount = (who: string, name: string, given: ImageDataOptions["channels"] = 3) => {
  if (given === 1 || given === 3 || given === 4) return given;
  throw new OptionError(`${who}: ${name} are ${describe(given)}; needs 1, 3 or 4.`);
};

const colorOf = (who: string, name: string, given: ImageDataOptions["background"]) => {
  if (given === undefined) return undefined;
  const isByte = (one: unknown) => Number.isInteger(one) && (one as number) >= 0 && (one as number) <= 255;
  if (Array.isArray(given) && given.length === 3 && given.every(isByte)) return given;
  throw new OptionError(
    `${who}: ${name} is ${describe(given)}; needs [red, green, blue], each from 0 to 255.`,
  );
};

/**
 * The pixels of a canvas as bytes, channels last: one image of [height, width, channels].
 *
 * @throws OptionError; DataError for other sizes than it says, and for pixels that are not opaque where there is no
 *   `background`
 * @example
 * const pixels = fromImageData(context.getImageData(0, 0, 280, 280), { channels: 1 });
 * const digit = centerDrawing(pixels, { height: 280, width: 280 });
 */
export function fromImageData(image: ImageDataLike, options: ImageDataOptions = {}): Uint8Array<ArrayBuffer> {
  checkSurplus("fromImageData", arguments, 2);
  const who = "fromImageData";
  const { channels, background } = take(who, options, { channels: channelCount, background: colorOf });
  const { width, height, data } = (image ?? {}) as Partial<ImageDataLike>;
  const pixels = (width ?? Number.NaN) * (height ?? Number.NaN);
  const isBytes = data instanceof Uint8Array || data instanceof Uint8ClampedArray;
  if (!isBytes || data.length !== 4 * pixels) {
    throw new DataError(
      `${who}: got ${describe(image)}; needs { width, height, data } with four bytes for each pixel, as getImageData gives.`,
    );
  }
  const out = new Uint8Array(pixels * channels);
  for (let i = 0; i < pixels; i++) {
    const alpha = data[4 * i + 3] as number;
    if (alpha < 255 && background === undefined && channels !== 4) {
      throw new DataError(
        `${who}: pixel (${i % (width as number)}, ${Math.floor(i / (width as number))}) is not opaque, its alpha is ` +
          `${alpha}; needs a background to lay it on, as { background: [255, 255, 255] }, or channels: 4.`,
      );
    }
    const color = (channel: 0 | 1 | 2) => {
      const value = data[4 * i + channel] as number;
      if (background === undefined || alpha === 255) return value;
      return (value * alpha + background[channel] * (255 - alpha)) / 255;
    };
    if (channels === 1) {
      out[i] = Math.floor(0.299 * color(0) + 0.587 * color(1) + 0.114 * color(2) + 0.5);
    } else {
      for (const channel of [0, 1, 2] as const)
        out[i * channels + channel] = Math.floor(color(channel) + 0.5);
      if (channels === 4) out[4 * i + 3] = background === undefined ? alpha : 255;
    }
  }
  return out;
}
