/** Some of the rows taken away from the others, for a test or for validation. */
import { DataError, OptionError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { type Classes, rowsByClass } from "../encoders/classes.js";
import { type Draw, range, shuffleInPlace } from "./draws.js";

/** Rows that stay and rows that are held out, in the order in which they were drawn. */
export interface Parted {
  readonly kept: Uint32Array<ArrayBuffer>;
  readonly held: Uint32Array<ArrayBuffer>;
}

/**
 * Rows to hold out: a share below 1, rounded up, or a number of rows.
 *
 * @throws OptionError for a size outside its domain, or one that leaves nothing
 */
export function heldRows(who: string, name: string, size: number, rows: number): number {
  const isShare = typeof size === "number" && size > 0 && size < 1;
  if (!isShare && !(Number.isSafeInteger(size) && size >= 1)) {
    throw new OptionError(
      `${who}: ${name} is ${describe(size)}; needs a share between 0 and 1, or a whole number of rows.`,
    );
  }
  const held = isShare ? Math.ceil(size * rows) : size;
  if (held < rows) return held;
  throw new OptionError(`${who}: ${name} is ${size}, which is all of the ${rows} rows; needs less.`);
}

/** The last rows; `gap` rows before them are in neither part. */
export function holdLast(rows: number, held: number, gap = 0): Parted {
  const all = range(rows);
  return { kept: all.slice(0, Math.max(0, rows - held - gap)), held: all.slice(rows - held) };
}

/** Random rows. */
export function holdRandom(rows: number, held: number, draw: Draw): Parted {
  const order = shuffleInPlace(range(rows), draw);
  return { kept: order.slice(held), held: order.slice(0, held) };
}

/**
 * Random rows of each class, in its share of the whole; what rounding leaves goes to the classes that lost most by it.
 *
 * @throws DataError when a class has one row only, or there are fewer rows than classes on a side
 */
export function holdStratified(who: string, classes: Classes, held: number, draw: Draw): Parted {
  const { names, counts, codes } = classes;
  const lonely = counts.indexOf(1);
  if (lonely >= 0) {
    throw new DataError(
      `${who}: class ${describe(names[lonely])} has one row; needs 2 or more to be on both sides. Leave it out, or do not stratify.`,
    );
  }
  if (held < names.length || codes.length - held < names.length) {
    throw new DataError(
      `${who}: ${held} of ${codes.length} rows are held out; needs at least ${names.length} on each side, one for each class.`,
    );
  }
  const exact = counts.map((count) => (count * held) / codes.length);
  const whole = exact.map(Math.floor);
  const loss = (code: number) => (exact[code] as number) - (whole[code] as number);
  const byLoss = counts.map((_, code) => code).sort((a, b) => loss(b) - loss(a) || a - b);
  const missing = held - whole.reduce((sum, one) => sum + one, 0);
  for (const code of byLoss.slice(0, missing)) whole[code] = (whole[code] as number) + 1;
  const rows = rowsByClass(classes).map((own) => shuffleInPlace(own, draw));
  const taken = rows.flatMap((own, code) => own.slice(0, whole[code]));
  const kept = rows.flatMap((own, code) => own.slice(whole[code]));
  // Shuffled again: class by class would be an order too.
  return {
    kept: shuffleInPlace(Uint32Array.from(kept), draw),
    held: shuffleInPlace(Uint32Array.from(taken), draw),
  };
}

/** Whole groups in a random order, until they have as many rows. @throws DataError when there is one group only */
export function holdGroups(who: string, classes: Classes, held: number, draw: Draw): Parted {
  const groups = rowsByClass(classes);
  if (groups.length < 2) {
    throw new DataError(`${who}: there is one group only to train and validate on; needs 2 or more.`);
  }
  const order = shuffleInPlace(range(groups.length), draw);
  const rowsOf = (some: Uint32Array) => Array.from(some).flatMap((group) => groups[group] as number[]);
  let next = 0;
  // One group at least stays.
  for (let taken = 0; next < order.length - 1 && taken < held; next++) {
    taken += (groups[order[next] as number] as number[]).length;
  }
  return {
    kept: Uint32Array.from(rowsOf(order.subarray(next))),
    held: Uint32Array.from(rowsOf(order.subarray(0, next))),
  };
}
