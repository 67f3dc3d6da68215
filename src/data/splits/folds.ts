/** Cross-validation splitters, with scikit-learn's folds where nothing is shuffled. */
import { DataError, OptionError } from "../../check/errors.js";
import { flag, integer, optional } from "../../check/kinds.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { leastOf, mostOf } from "../encoders/classes.js";
import { type Draw, drawsOf, range, shuffleInPlace, Use } from "./draws.js";
import { type Fold, foldsOf, type RowsToSplit, SplitRows, type Splitter } from "./splitter.js";

export interface KFoldOptions {
  /** Parts, each of which is tested on once; default 5. */
  readonly folds?: number;
  /** Whether rows are put into a random order first; default false, as in scikit-learn. */
  readonly shuffle?: boolean;
  /** Seed of that order; default 0. */
  readonly seed?: number;
}

const takeKFold = (who: string, options: KFoldOptions) =>
  take(who, options, { folds: integer(2, 5), shuffle: flag(false), seed: integer(0, 0) });

/** The fold that each row is tested in: the first rows % folds folds have one row more. */
function evenFolds(rows: number, folds: number, draw: Draw | undefined): Uint32Array {
  const order = range(rows);
  if (draw) shuffleInPlace(order, draw);
  const foldOf = new Uint32Array(rows);
  const larger = rows % folds;
  const size = Math.floor(rows / folds);
  order.forEach((row, place) => {
    const inLarger = place < larger * (size + 1);
    foldOf[row] = inLarger ? Math.floor(place / (size + 1)) : Math.floor((place - larger) / size);
  });
  return foldOf;
}

/**
 * Cuts rows into parts of equal size, the first rows % folds of which have one row more; each fold tests on one part and
 * trains on the others. scikit-learn's KFold.
 *
 * @throws OptionError for options outside their domain
 *
 * @example
 * for (const { train, test } of kFold({ folds: 5, shuffle: true, seed: 1 }).split(150)) …
 */
export function kFold(options: KFoldOptions = {}): Splitter {
  checkSurplus("kFold", arguments, 1);
  const { folds, shuffle, seed } = takeKFold("kFold", options);
  return {
    name: "kFold",
    keeps: "nothing",
    split(of) {
      const given = new SplitRows("kFold", of);
      given.checkFolds(folds);
      const draw = shuffle ? drawsOf(seed, 0, Use.Folds) : undefined;
      return foldsOf(given.rows, folds, evenFolds(given.rows, folds, draw));
    },
  };
}

/** The fold of each row that keeps the shares of the classes: scikit-learn's allocation. */
function stratifiedFolds(
  who: string,
  given: SplitRows,
  folds: number,
  drawFor: (code: number) => Draw | undefined,
) {
  const { codes, counts } = given.classes("labels");
  given.checkFolds(folds);
  const most = mostOf(counts);
  if (folds > most) {
    throw new OptionError(
      `${who}: folds is ${folds}, and no class has more than ${most} rows; needs at most that.`,
    );
  }
  // Class by class as they first appear, rows are dealt to the folds in turns; how many each fold gets is counted.
  const seen = [...new Set(codes)];
  const allocation = seen.map(() => new Array<number>(folds).fill(0));
  let place = 0;
  seen.forEach((code, rank) => {
    for (let i = 0; i < (counts[code] as number); i++) {
      const fold = place++ % folds;
      const own = allocation[rank] as number[];
      own[fold] = (own[fold] as number) + 1;
    }
  });
  const queues = new Map(
    seen.map((code, rank) => {
      const queue = (allocation[rank] as number[]).flatMap((count, fold) =>
        new Array<number>(count).fill(fold),
      );
      const draw = drawFor(code);
      return [code, (draw ? shuffleInPlace(queue, draw) : queue).values()] as const;
    }),
  );
  return Uint32Array.from(codes, (code) => queues.get(code)?.next().value as number);
}

/**
 * As `kFold`, with the share of each class in every part as near to that of the whole as can be: scikit-learn's
 * StratifiedKFold. Needs `labels`.
 *
 * @throws OptionError for options outside their domain
 */
export function stratifiedKFold(options: KFoldOptions = {}): Splitter {
  checkSurplus("stratifiedKFold", arguments, 1);
  const who = "stratifiedKFold";
  const { folds, shuffle, seed } = takeKFold(who, options);
  return {
    name: who,
    keeps: "classes",
    split(of) {
      const given = new SplitRows(who, of);
      const drawFor = (code: number) => (shuffle ? drawsOf(seed, code, Use.Folds) : undefined);
      return foldsOf(given.rows, folds, stratifiedFolds(who, given, folds, drawFor));
    },
  };
}

/**
 * No group is trained and tested on at once: the rows of a patient, a speaker, a place stay together. The largest group
 * goes first, each to the fold that has the fewest rows: scikit-learn's GroupKFold. Needs `groups`.
 *
 * @throws OptionError for options outside their domain
 */
export function groupKFold(options: Pick<KFoldOptions, "folds"> = {}): Splitter {
  checkSurplus("groupKFold", arguments, 1);
  const who = "groupKFold";
  const { folds } = take(who, options, { folds: integer(2, 5) });
  return {
    name: who,
    keeps: "groups",
    split(of) {
      const given = new SplitRows(who, of);
      const { codes, counts } = given.classes("groups");
      if (folds > counts.length) {
        throw new OptionError(
          `${who}: folds is ${folds}, and there are ${counts.length} groups; needs at most that.`,
        );
      }
      // Of equal groups the later one goes first, as scikit-learn's reversed argsort has it.
      const order = counts
        .map((_, group) => group)
        .sort((a, b) => (counts[b] as number) - (counts[a] as number) || b - a);
      const rowsInFold = new Array<number>(folds).fill(0);
      const foldOfGroup = counts.map(() => 0);
      for (const group of order) {
        const lightest = rowsInFold.indexOf(leastOf(rowsInFold));
        foldOfGroup[group] = lightest;
        rowsInFold[lightest] = (rowsInFold[lightest] as number) + (counts[group] as number);
      }
      const foldOf = Uint32Array.from(codes, (group) => foldOfGroup[group] as number);
      return foldsOf(given.rows, folds, foldOf);
    },
  };
}

export interface RepeatedKFoldOptions extends Pick<KFoldOptions, "folds" | "seed"> {
  /** Times that rows are shuffled and cut; default 10. */
  readonly repeats?: number;
  /** Whether the parts keep the shares of the classes, as `stratifiedKFold`; default false. */
  readonly stratified?: boolean;
}

/**
 * `kFold` or `stratifiedKFold` several times, each with another order: scikit-learn's RepeatedKFold and
 * RepeatedStratifiedKFold.
 *
 * @throws OptionError for options outside their domain
 */
export function repeatedKFold(options: RepeatedKFoldOptions = {}): Splitter {
  checkSurplus("repeatedKFold", arguments, 1);
  const who = "repeatedKFold";
  const { folds, repeats, seed, stratified } = take(who, options, {
    folds: integer(2, 5),
    repeats: integer(1, 10),
    seed: integer(0, 0),
    stratified: flag(false),
  });
  return {
    name: who,
    keeps: stratified ? "classes" : "nothing",
    split(of) {
      const given = new SplitRows(who, of);
      given.checkFolds(folds);
      const classes = stratified ? given.classes("labels").counts.length : 1;
      const foldsOfRepeat = (repeat: number) => {
        const draws = (code: number) => drawsOf(seed, repeat * classes + code, Use.Folds);
        return stratified
          ? stratifiedFolds(who, given, folds, draws)
          : evenFolds(given.rows, folds, draws(0));
      };
      const first = foldsOfRepeat(0);
      return (function* () {
        yield* foldsOf(given.rows, folds, first);
        for (let repeat = 1; repeat < repeats; repeat++)
          yield* foldsOf(given.rows, folds, foldsOfRepeat(repeat));
      })();
    },
  };
}

/** Each row is tested on once, by what all others trained: as many folds as rows. scikit-learn's LeaveOneOut. */
export function leaveOneOut(): Splitter {
  checkSurplus("leaveOneOut", arguments, 0);
  return {
    name: "leaveOneOut",
    keeps: "nothing",
    split(of) {
      const { rows } = new SplitRows("leaveOneOut", of);
      if (rows < 2) throw new DataError(`leaveOneOut: there is ${rows} row; needs at least 2.`);
      return foldsOf(rows, rows, range(rows));
    },
  };
}

export interface TimeSeriesSplitOptions {
  /** Parts that are tested on, one after the other; default 5. */
  readonly folds?: number;
  /** Rows left out between the last training row and the first test row; default 0. */
  readonly gap?: number;
  /** Rows of each test; default ⌊rows / (folds + 1)⌋. */
  readonly testSize?: number;
  /** Training rows at most, the latest; default: all before the test. */
  readonly maxTrainSize?: number;
}

/**
 * Rows in the order of time: each fold tests on the next part and trains on what came before it, never on what comes
 * after: scikit-learn's TimeSeriesSplit.
 *
 * @throws OptionError for options outside their domain
 */
export function timeSeriesSplit(options: TimeSeriesSplitOptions = {}): Splitter {
  checkSurplus("timeSeriesSplit", arguments, 1);
  const who = "timeSeriesSplit";
  const { folds, gap, testSize, maxTrainSize } = take(who, options, {
    folds: integer(2, 5),
    gap: integer(0, 0),
    testSize: optional(integer(1)),
    maxTrainSize: optional(integer(1)),
  });
  return {
    name: who,
    keeps: { order: true, gap },
    split(of: number | RowsToSplit) {
      const { rows } = new SplitRows(who, of);
      const size = testSize ?? Math.floor(rows / (folds + 1));
      if (size === 0 || rows - gap - size * folds <= 0) {
        throw new OptionError(
          `${who}: ${folds} folds with tests of ${Math.max(1, size)} rows and a gap of ${gap} need at least ` +
            `${Math.max(1, size) * folds + gap + 1} rows, and there are ${rows}.`,
        );
      }
      const all = range(rows);
      return (function* (): Generator<Fold, void, undefined> {
        for (let start = rows - folds * size; start < rows; start += size) {
          const end = start - gap;
          const first = maxTrainSize === undefined ? 0 : Math.max(0, end - maxTrainSize);
          yield { train: all.slice(first, end), test: all.slice(start, start + size) };
        }
      })();
    },
  };
}
