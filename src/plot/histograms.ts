import { DataError } from "../check/errors.js";
import { integer } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { AROUND, axes, type Box, ticksUp, within } from "./drawing/axes.js";
import { binned, type Histogram } from "./drawing/histogram.js";
import { belowNote, MARGIN, type PlotOptions, picture, plotSchema } from "./drawing/picture.js";
import { counted } from "./drawing/reports.js";
import { formatNumber, linearScale } from "./drawing/scale.js";
import { element, label, line, rectangle, shortened, tooltip } from "./drawing/svg.js";
import { checkTensors, type PlottedTensors } from "./drawing/tensors.js";

export interface HistogramPlotOptions extends PlotOptions {
  /** Of each histogram; default 30. */
  readonly bins?: number;
  /** Tensors that are drawn, the first of all; of others the picture says how many there are. Default 24. */
  readonly most?: number;
}

const HEIGHT = 190;
const NARROWEST = 290;

/**
 * How the numbers of each tensor are spread: of weights, `drawHistograms(model.weights())`, or of gradients. What is not
 * finite is counted apart, and told.
 *
 * @throws OptionError for what are no tensors by name, DataError for tensors without numbers
 */
export function drawHistograms(tensors: PlottedTensors, options: HistogramPlotOptions = {}): string {
  const who = "drawHistograms";
  checkSurplus(who, arguments, 2);
  const settings = take(who, options, {
    ...plotSchema("Histograms"),
    bins: integer(2, 30),
    most: integer(1, 24),
  });
  const all = Object.entries(checkTensors(who, "tensors", tensors)).filter(([, { data }]) => data.length > 0);
  if (all.length === 0)
    throw new DataError(`${who}: got no numbers; needs at least one tensor that has some.`);
  const { width, bins, most } = settings;
  const drawn = all.slice(0, most);
  const left = all.length - drawn.length;
  const note =
    left > 0 ? `The first ${drawn.length} of ${all.length} tensors; the option most draws more.` : undefined;
  const inner = width - 2 * MARGIN;
  const columns = Math.max(1, Math.min(drawn.length, Math.floor(inner / NARROWEST)));
  const top = belowNote(note, width) + 4;
  const wide = inner / columns;
  const body = drawn.map(([name, { data }], i) =>
    drawHistogram(name, data, bins, {
      x: MARGIN + (i % columns) * wide - 6,
      y: top + Math.floor(i / columns) * HEIGHT,
      width: wide,
      height: HEIGHT,
    }),
  );
  return picture(settings, {
    height: top + Math.ceil(drawn.length / columns) * HEIGHT + 8,
    description: `How the numbers of ${counted(all.length, "tensor")} are spread: ${drawn.map(([name]) => name).join(", ")}.`,
    note,
    body,
  });
}

function drawHistogram(name: string, data: ArrayLike<number>, bins: number, place: Box): string {
  const box = within(place);
  const histogram = binned(data, bins);
  const { least, largest, counts, mean, deviation, others } = histogram;
  const x = linearScale([least, largest], [box.x, box.x + box.width], {
    count: Math.floor(box.width / 60),
    exact: true,
  });
  const y = linearScale([0, Math.max(1, ...counts)], [box.y + box.height, box.y], {
    count: ticksUp(box.height),
    whole: true,
  });
  const odd = others > 0 ? `; ${others} not finite` : "";
  const letters = Math.floor((place.width - AROUND.left) / 7.5);
  const bottom = y.at(0);
  const bars = counts.map((count, i) => {
    const [from, to] = [edgeOf(histogram, i), edgeOf(histogram, i + 1)];
    const at = x.at(from);
    const told = `${formatNumber(from)} to ${formatNumber(to)}: ${count}`;
    const high = Math.max(count > 0 ? 1 : 0, bottom - y.at(count));
    const bar = rectangle(at, bottom - high, Math.max(1, x.at(to) - at - 1), high, { class: "f0" });
    return element("g", {}, tooltip(told), bar);
  });
  const zero =
    least < 0 && largest > 0
      ? line(x.at(0), box.y, x.at(0), bottom, { class: "stroke", "stroke-dasharray": "3 3" })
      : "";
  const title = shortened(name, letters);
  const spread = `mean ${formatNumber(mean)}, deviation ${formatNumber(deviation)}${odd}`;
  return (
    axes({ box, title, xLabel: spread, yLabel: "count", x, y }) +
    bars.join("") +
    zero +
    (counts.every((count) => count === 0)
      ? label(box.x + 8, box.y + 20, "no finite number", { class: "ink" })
      : "")
  );
}

const edgeOf = ({ least, largest, counts }: Histogram, i: number) =>
  least + ((largest - least) * i) / counts.length;
