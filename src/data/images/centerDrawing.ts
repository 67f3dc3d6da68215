import { DataError } from "../../check/errors.js";
import { integer } from "../../check/kinds.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { countImages, type Pixels } from "./pixels.js";
import { resizeImages } from "./resize.js";

export interface DrawingOptions {
  /** Height and width of the drawing. */
  readonly height: number;
  readonly width: number;
  /** Side of what is made; default 28. */
  readonly side?: number;
  /** Side of the square that what is drawn is scaled into; default 20. */
  readonly inner?: number;
}

/** A drawing cut to what is drawn, with the side of the larger of both dimensions. */
interface Box {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/**
 * Centers and scales a drawing as the digits of MNIST are: what is drawn is scaled to fit into 20 × 20 pixels, its
 * proportions kept, and lies in 28 × 28 with its center of mass in the middle (yann.lecun.com/exdb/mnist). A network that
 * was trained on such digits takes a drawn 7 for a 2 without it.
 *
 * @param drawing one number for each pixel, 0 where nothing is drawn: bytes, or f32
 * @returns the numbers of one image of `side` × `side`, of the same kind; all 0 where nothing is drawn
 * @throws OptionError, DataError for another number of pixels
 */
export function centerDrawing(drawing: Pixels, options: DrawingOptions): Uint8Array | Float32Array {
  checkSurplus("centerDrawing", arguments, 2);
  const who = "centerDrawing";
  const { height, width, side, inner } = take(who, options, {
    height: integer(1),
    width: integer(1),
    side: integer(1, 28),
    inner: integer(1, 20),
  });
  if (countImages(who, drawing, [height, width, 1]) > 1) {
    throw new DataError(
      `${who}: there are ${drawing.length} numbers; needs one drawing of ${height} × ${width}.`,
    );
  }
  const box = boxOf(drawing, height, width);
  const out = drawing instanceof Float32Array ? new Float32Array(side * side) : new Uint8Array(side * side);
  if (box === undefined) return out;
  const scale = Math.min(inner, side) / Math.max(box.height, box.width);
  const [rows, columns] = [box.height, box.width].map((one) =>
    Math.max(Math.floor(one * scale + 0.5), 1),
  ) as [number, number];
  const cut = new (drawing instanceof Float32Array ? Float32Array : Uint8Array)(box.height * box.width);
  for (let y = 0; y < box.height; y++) {
    const start = (box.top + y) * width + box.left;
    cut.set(drawing.subarray(start, start + box.width), y * box.width);
  }
  const small = resizeImages(cut, { from: [box.height, box.width, 1], to: [rows, columns, 1] });
  const [top, left] = offsets(small, rows, columns, side);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) out[(top + y) * side + left + x] = small[y * columns + x] as number;
  }
  return out;
}

function boxOf(drawing: Pixels, height: number, width: number): Box | undefined {
  let [top, left, bottom, right] = [height, width, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!((drawing[y * width + x] as number) > 0)) continue;
      [top, bottom] = [Math.min(top, y), y];
      [left, right] = [Math.min(left, x), Math.max(right, x)];
    }
  }
  return bottom < 0 ? undefined : { top, left, height: bottom - top + 1, width: right - left + 1 };
}

/** Where it lies with its center of mass in the middle, as far as all of it stays within. */
function offsets(small: Pixels, rows: number, columns: number, side: number): readonly [number, number] {
  let [mass, downward, rightward] = [0, 0, 0];
  for (let i = 0; i < small.length; i++) {
    const value = small[i] as number;
    mass += value;
    downward += value * (Math.floor(i / columns) + 0.5);
    rightward += value * ((i % columns) + 0.5);
  }
  const place = (sum: number, size: number) => {
    const start = Math.floor(side / 2 - (mass > 0 ? sum / mass : size / 2) + 0.5);
    return Math.min(Math.max(start, 0), side - size);
  };
  return [place(downward, rows), place(rightward, columns)];
}
