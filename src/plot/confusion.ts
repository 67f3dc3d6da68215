import { DataError } from "../check/errors.js";
import { describe } from "../check/options.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import type { ConfusionMatrix } from "../metrics/confusionMatrix.js";
import { MARGIN, type PlotOptions, picture, plotSchema, TOP } from "./drawing/picture.js";
import { formatNumber } from "./drawing/scale.js";
import { element, escaped, label, rectangle, shortened, tooltip, widthOf } from "./drawing/svg.js";

/** Classes whose cells have their numbers written in; of more there is the shade alone, and the number where a pointer rests. */
const MOST_WRITTEN = 20;
/** Cells beyond would be smaller than a pixel. */
const MOST_CLASSES = 200;
/** Room for the names of labeled classes. */
const LONGEST = 16;

interface Counts {
  readonly counts: readonly (readonly number[])[];
  readonly classes: readonly string[];
}

/** @throws DataError for what is no square of numbers that are at least 0, with a name for each class */
function checkMatrix(who: string, given: Counts): Counts {
  const isObject = typeof given === "object" && given !== null;
  const { counts, classes } = isObject ? given : ({} as Partial<Counts>);
  const size = Array.isArray(classes) ? classes.length : 0;
  const isLine = (one: unknown) =>
    Array.isArray(one) &&
    one.length === size &&
    [...one].every((count) => Number.isFinite(count) && count >= 0);
  const isSquare = size > 0 && Array.isArray(counts) && counts.length === size && [...counts].every(isLine);
  if (!isSquare) {
    const got =
      size > 0 && Array.isArray(counts)
        ? "counts that are no square of numbers of at least 0 with a line and a column for each class"
        : describe(given);
    throw new DataError(`${who}: got ${got}; needs what confusionMatrix of wasmgrad/metrics returns.`);
  }
  if (size > MOST_CLASSES) {
    throw new DataError(
      `${who}: there are ${size} classes; needs at most ${MOST_CLASSES}, or cells are too small to see. ` +
        "Draw a part: new ConfusionMatrix(counts, classes) of some.",
    );
  }
  return given;
}

/**
 * A confusion matrix: a line for each labeled class, a column for each predicted one, cells the darker the larger their
 * share of the line, with their counts.
 *
 * @param matrix what `confusionMatrix` of wasmgrad/metrics returns, normalized or not
 * @throws DataError for what is none, OptionError for options
 */
export function drawConfusionMatrix(
  matrix: Pick<ConfusionMatrix, "counts" | "classes">,
  options: PlotOptions = {},
): string {
  const who = "drawConfusionMatrix";
  checkSurplus(who, arguments, 2);
  const settings = take(who, options, plotSchema("Confusion matrix"));
  const { counts, classes } = checkMatrix(who, matrix);
  const names = classes.map((name) => shortened(String(name), LONGEST));
  const wide = Math.max(...names.map(widthOf));
  const isWritten = classes.length <= MOST_WRITTEN;
  const left = MARGIN + 24 + wide;
  const size = Math.min(64, (settings.width - left - MARGIN) / classes.length);
  const isTurned = wide + 8 > size;
  const below = isTurned ? wide + 14 : 22;
  const span = size * classes.length;
  const cells = counts.flatMap((line, i) => {
    const total = line.reduce((sum, count) => sum + count, 0);
    return line.map((count, j) => drawCell({ count, total, i, j, size, left, isWritten, classes }));
  });
  // Of many classes as many are named as there is room for.
  const stride = Math.ceil(15 / size);
  const columnNames = names.map((name, j) => {
    if (j % stride > 0) return "";
    const [x, y] = [left + (j + 0.5) * size, TOP + span + 16];
    return isTurned
      ? label(x + 4, y - 4, name, { class: "ink end", transform: `rotate(-90 ${x + 4} ${y - 4})` })
      : label(x, y, name, { class: "ink middle" });
  });
  const lineNames = names.map((name, i) =>
    i % stride > 0 ? "" : label(left - 6, TOP + (i + 0.5) * size + 4, name, { class: "ink end" }),
  );
  const axis = { x: MARGIN + 6, y: TOP + span / 2 };
  const all = counts.flat().reduce((sum, count) => sum + count, 0);
  const right = counts.reduce((sum, line, i) => sum + (line[i] as number), 0);
  return picture(settings, {
    height: TOP + span + below + 30,
    description:
      `${classes.length} classes, labeled by line and predicted by column; ` +
      `${all === 0 ? "nothing" : `${formatNumber((100 * right) / all)} %`} lies on the diagonal.`,
    body: [
      ...cells,
      rectangle(left, TOP, span, span, { class: "none faint" }),
      ...columnNames,
      ...lineNames,
      element(
        "text",
        { ...axis, class: "ink middle", transform: `rotate(-90 ${axis.x} ${axis.y})` },
        escaped("labeled"),
      ),
      label(left + span / 2, TOP + span + below + 18, "predicted", { class: "ink middle" }),
    ],
  });
}

interface Cell {
  readonly count: number;
  /** Of the line. */
  readonly total: number;
  readonly i: number;
  readonly j: number;
  readonly size: number;
  readonly left: number;
  readonly isWritten: boolean;
  readonly classes: readonly string[];
}

/** The shade stays light enough for ink on it to be read; the diagonal has a frame. */
function drawCell({ count, total, i, j, size, left, isWritten, classes }: Cell): string {
  const share = total === 0 ? 0 : count / total;
  const [x, y] = [left + j * size, TOP + i * size];
  const shade = rectangle(x, y, size, size, { class: "f0", "fill-opacity": share * 0.45 });
  const frame =
    i === j && isWritten ? rectangle(x + 1.5, y + 1.5, size - 3, size - 3, { class: "none s0 thick" }) : "";
  const grid = isWritten ? rectangle(x, y, size, size, { class: "none grid" }) : "";
  const shown = Number.isInteger(count) ? formatNumber(count, 4) : count.toFixed(2);
  const number =
    isWritten && size > 16
      ? label(x + size / 2, y + size / 2 + 4, shown, { class: `ink middle${size < 34 ? " small" : ""}` })
      : "";
  const told = `labeled ${classes[i]}, predicted ${classes[j]}: ${formatNumber(count, 6)}`;
  return element("g", {}, tooltip(told), shade + grid + frame + number);
}
