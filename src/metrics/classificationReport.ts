import { bindMembers } from "../check/bindMembers.js";
import { flag } from "../check/kinds.js";
import { printed } from "../check/printed.js";
import { type Settled, take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import type { Tensor } from "../rows/table.js";
import { type ClassCounts, countClasses } from "./counts.js";
import { DECISION, type DecisionOptions, decide, namesOf } from "./decisions.js";
import { countLabels } from "./multiLabel.js";
import { zeroDivisionOption } from "./precision.js";
import { printTable } from "./printTable.js";
import { averageClasses, balancedOf, eachClass, fRatio, occurring, PRECISION, RECALL } from "./ratios.js";

/** Scores of a class, or of all. */
export interface ClassScores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Rows of the class, each as often as it counts. */
  readonly support: number;
}

export interface ReportOptions extends DecisionOptions {
  /** What 0 / 0 is; NaN leaves the class out of averages. Default 0. */
  readonly zeroDivision?: number;
  /**
   * Whether each number of a row is a yes or no by itself, as sigmoids of several labels give them: see `f1`. `accuracy` is
   * then the share of rows all labels of which are right. Default false.
   */
  readonly multiLabel?: boolean;
}

/** Scores of each class and their means. `console.log` prints them as a table, as `String(report)` is. */
export class ClassificationReport {
  // Minified, it would be called otherwise.
  /** @internal */
  static readonly name = "ClassificationReport";

  constructor(
    readonly classes: readonly (ClassScores & { readonly name: string })[],
    /** Share of rows whose predicted class is the labeled one. */
    readonly accuracy: number,
    /** Means over classes. */
    readonly macro: ClassScores,
    /** Means over classes, each as often as it is labeled. */
    readonly weighted: ClassScores,
    /** Of the counts of all classes together: where all classes are listed, each of the three is the accuracy. */
    readonly micro: ClassScores,
    /** Mean of the recalls of the classes that labels have. */
    readonly balancedAccuracy: number,
  ) {
    bindMembers(this);
    printed(this);
  }

  toString(): string {
    const cells = ({ precision, recall, f1, support }: ClassScores) => [
      precision.toFixed(3),
      recall.toFixed(3),
      f1.toFixed(3),
      Number(support.toFixed(3)),
    ];
    return printTable([
      { name: "", cells: ["precision", "recall", "f1", "support"] },
      ...this.classes.map((one) => ({ name: one.name, cells: cells(one) })),
      { name: "", cells: [] },
      { name: "accuracy", cells: ["", "", this.accuracy.toFixed(3), Number(this.macro.support.toFixed(3))] },
      {
        name: "balanced accuracy",
        cells: ["", "", this.balancedAccuracy.toFixed(3), Number(this.macro.support.toFixed(3))],
      },
      { name: "micro average", cells: cells(this.micro) },
      { name: "macro average", cells: cells(this.macro) },
      { name: "weighted average", cells: cells(this.weighted) },
    ]);
  }
}

const RATIOS = { precision: PRECISION, recall: RECALL, f1: fRatio(1) };

/** What is counted of each class, or label. */
function counted(
  who: string,
  predicted: Tensor,
  labels: Tensor,
  options: Settled<typeof DECISION> & { readonly multiLabel: boolean },
): { readonly counts: ClassCounts; readonly accuracy: number; readonly areAll: boolean } {
  if (options.multiLabel) {
    const counts = countLabels(who, predicted, labels, options);
    return { counts, accuracy: counts.exact, areAll: true };
  }
  const decisions = decide(who, predicted, labels, options);
  const counts = countClasses(decisions);
  const hits = Array.from(counts.hits).reduce((sum, one) => sum + one, 0);
  return { counts, accuracy: hits / counts.total, areAll: decisions.areAllClasses };
}

/**
 * Precision, recall and F1 of each class and their means, and balanced accuracy; `classification_report` of scikit-learn.
 *
 * @param predicted classes, probabilities of yes, or a number for each class, as `predict` gives them
 * @param labels classes by their numbers, or one-hot rows
 * @param options `classes` names them, and then all are listed; else those that predictions or labels have
 * @throws DataError for data that does not fit, OptionError for options
 */
export function classificationReport(
  predicted: Tensor,
  labels: Tensor,
  options: ReportOptions = {},
): ClassificationReport {
  checkSurplus("classificationReport", arguments, 3);
  const who = "classificationReport";
  const settled = take(who, options, {
    ...DECISION,
    zeroDivision: zeroDivisionOption,
    multiLabel: flag(false),
  });
  const { zeroDivision } = settled;
  const { counts, accuracy, areAll } = counted(who, predicted, labels, settled);
  const names = namesOf(settled, counts.hits.length);
  const among = areAll ? names.map((_, i) => i) : occurring(counts);
  const scores = {
    precision: eachClass(RATIOS.precision, counts, zeroDivision),
    recall: eachClass(RATIOS.recall, counts, zeroDivision),
    f1: eachClass(RATIOS.f1, counts, zeroDivision),
  };
  const classes = among.map((i) => ({
    name: names[i] as string,
    precision: scores.precision[i] as number,
    recall: scores.recall[i] as number,
    f1: scores.f1[i] as number,
    support: counts.labeled[i] as number,
  }));
  const mean = (average: "macro" | "weighted" | "micro"): ClassScores => {
    const of = (ratio: keyof typeof RATIOS) =>
      averageClasses(RATIOS[ratio], counts, { average, zeroDivision, among });
    return { precision: of("precision"), recall: of("recall"), f1: of("f1"), support: counts.total };
  };
  return new ClassificationReport(
    classes,
    accuracy,
    mean("macro"),
    mean("weighted"),
    mean("micro"),
    balancedOf(counts),
  );
}
