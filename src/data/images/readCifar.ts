import { FormatError } from "../../check/errors.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import type { ImageShape } from "./pixels.js";

export interface CifarOptions {
  /** 10 (default) for CIFAR-10, 100 for the fine labels of CIFAR-100, 20 for its coarse ones. */
  readonly classes?: 10 | 20 | 100;
}

/** Images and classes of a file of CIFAR. */
export interface CifarFile {
  /** Bytes, channels last. */
  readonly x: Uint8Array<ArrayBuffer>;
  readonly y: Uint8Array<ArrayBuffer>;
  readonly shape: ImageShape;
}

const SIDE = 32;
const PLANE = SIDE * SIDE;

const classCount = (_: string, __: string, given: CifarOptions["classes"] = 10) => {
  if (given === 10 || given === 20 || given === 100) return given;
  throw new FormatError(`readCifar: classes are ${String(given)}; needs 10, 20 or 100.`);
};

/**
 * Reads a binary file of CIFAR-10 or CIFAR-100 (cs.toronto.edu/~kriz/cifar.html): for each image the label, or the coarse
 * one and the fine one, then 1,024 bytes of red, green and blue each. They are given with channels last.
 *
 * @throws FormatError for what is no whole number of images, or has labels beyond the classes
 */
export function readCifar(bytes: Uint8Array, options: CifarOptions = {}): CifarFile {
  checkSurplus("readCifar", arguments, 2);
  const { classes } = take("readCifar", options, { classes: classCount });
  const labels = classes === 10 ? 1 : 2;
  const stride = labels + 3 * PLANE;
  const count = bytes instanceof Uint8Array ? bytes.length / stride : 0;
  if (!Number.isInteger(count) || count === 0) {
    throw new FormatError(
      `readCifar: there are ${bytes?.length} bytes; needs ${stride} for each image of ${classes} classes.`,
    );
  }
  const x = new Uint8Array(count * 3 * PLANE);
  const y = new Uint8Array(count);
  for (let image = 0; image < count; image++) {
    const start = image * stride;
    const label = bytes[start + (classes === 100 ? 1 : 0)] as number;
    if (label >= classes) {
      throw new FormatError(
        `readCifar: image ${image} is of class ${label}; needs classes below ${classes}. Is it another file of CIFAR?`,
      );
    }
    y[image] = label;
    for (let channel = 0; channel < 3; channel++) {
      const plane = start + labels + channel * PLANE;
      for (let i = 0; i < PLANE; i++) x[(image * PLANE + i) * 3 + channel] = bytes[plane + i] as number;
    }
  }
  return { x, y, shape: [SIDE, SIDE, 3] };
}
