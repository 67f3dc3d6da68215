import { oneOf } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import type { Tensor } from "../rows/table.js";
import {
  type CurveOptions,
  checkColumns,
  columnOfYes,
  type Ranking,
  rank,
  readScored,
  type Scored,
} from "./curves.js";
import { SAMPLE_WEIGHT } from "./rows.js";

export interface AreaOptions extends CurveOptions {
  /** Of more than two classes: the mean of each against the rest, or that by how often each is labeled. */
  readonly average?: "macro" | "weighted";
}

const AVERAGES = { macro: true, weighted: true };

/** Area under the ROC curve, by trapezoids: equal scores count one half, as in the statistic of Mann and Whitney. */
function rocArea({ truePositives, falsePositives }: Ranking): number {
  let [area, yesBefore, noBefore] = [0, 0, 0];
  truePositives.forEach((yes, i) => {
    const no = falsePositives[i] as number;
    area += ((no - noBefore) * (yes + yesBefore)) / 2;
    [yesBefore, noBefore] = [yes, no];
  });
  return area / (yesBefore * noBefore);
}

/** Σ (recallₙ − recallₙ₋₁) precisionₙ over falling thresholds. */
function averagePrecision({ truePositives, falsePositives }: Ranking): number {
  let [area, before] = [0, 0];
  truePositives.forEach((yes, i) => {
    if (yes > before) area += ((yes - before) * yes) / (yes + (falsePositives[i] as number));
    before = yes;
  });
  return area / before;
}

/** The area of one yes against no, or the mean over classes of each against the rest. */
function areaOf(
  who: string,
  area: (ranking: Ranking) => number,
  scored: Scored,
  average: "macro" | "weighted",
): number {
  const { columns } = scored.scores;
  if (columns <= 2) return area(rank(who, scored, columnOfYes(who, scored), 1));
  checkColumns(who, scored);
  let [sum, weights] = [0, 0];
  for (let one = 0; one < columns; one++) {
    const ranking = rank(who, scored, one, one);
    const weight = average === "macro" ? 1 : (ranking.truePositives.at(-1) as number);
    sum += weight * area(ranking);
    weights += weight;
  }
  return sum / weights;
}

function readArea(who: string, predicted: Tensor, labels: Tensor, options: AreaOptions) {
  const schema = { average: oneOf(AVERAGES, "macro"), ...SAMPLE_WEIGHT };
  const { average, sampleWeight } = take(who, options, schema);
  return { scored: readScored(who, predicted, labels, sampleWeight), average };
}

/** What `rocAuc` is of scores and labels that were read. */
export const rocAucOf = (who: string, scored: Scored, average: "macro" | "weighted"): number =>
  areaOf(who, rocArea, scored, average);

/** What `prAuc` is of scores and labels that were read. */
export const prAucOf = (who: string, scored: Scored, average: "macro" | "weighted"): number =>
  areaOf(who, averagePrecision, scored, average);

/**
 * Area under the ROC curve: how often a row of yes scores above one of no, equal scores counting one half (Hanley and
 * McNeil 1982). Of more than two classes, the mean of each against the rest (Provost and Domingos 2000);
 * `roc_auc_score` of scikit-learn, with `multi_class="ovr"`.
 *
 * @param predicted score of yes, one for each row, or two, of no and yes; or a score for each class
 * @param labels classes by their numbers, or one-hot rows
 * @throws DataError for data that does not fit, or a class that no row has or all have; OptionError for options
 */
export function rocAuc(predicted: Tensor, labels: Tensor, options: AreaOptions = {}): number {
  checkSurplus("rocAuc", arguments, 3);
  const { scored, average } = readArea("rocAuc", predicted, labels, options);
  return rocAucOf("rocAuc", scored, average);
}

/**
 * Average precision, Σ (recallₙ − recallₙ₋₁) precisionₙ over falling thresholds: the area under the curve of precision
 * over recall, by steps, as trapezoids would flatter it (Davis and Goadrich 2006); `average_precision_score` of
 * scikit-learn. Arguments as of `rocAuc`.
 */
export function prAuc(predicted: Tensor, labels: Tensor, options: AreaOptions = {}): number {
  checkSurplus("prAuc", arguments, 3);
  const { scored, average } = readArea("prAuc", predicted, labels, options);
  return prAucOf("prAuc", scored, average);
}
