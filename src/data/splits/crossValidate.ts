import { DataError, OptionError } from "../../check/errors.js";
import { functionOf, integer, later, optional } from "../../check/kinds.js";
import { describe } from "../../check/options.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import type { Signal } from "../../train/abort.js";
import { checkIndices, countRows, type RowOptions, rowsAt } from "../datasets/exampleRows.js";
import { type ClassLabels, classesOf } from "../encoders/classes.js";
import { drawsOf, Use } from "./draws.js";
import { type CrossValidation, type FoldResult, type FoldScores, summarizeFolds } from "./foldScores.js";
import { kFold } from "./folds.js";
import { heldRows, holdGroups, holdLast, holdRandom, holdStratified } from "./holdOut.js";
import type { Fold, RowsToSplit, Splitter } from "./splitter.js";

/** A model as `crossValidate` uses it, as `compile` makes it: what `fit` takes, and what `evaluate` gives. */
export interface Trainable<Options = never, S extends FoldScores = FoldScores> {
  fit(data: never, options?: Options): Promise<unknown>;
  evaluate(data: never, options?: never): Promise<S>;
  dispose?(): void;
}

/** Which fold a model is made for. */
export interface FoldInfo {
  /** Counted from 1. */
  readonly fold: number;
  /** The seed of `crossValidate`, for `compile`. */
  readonly seed: number;
}

/** Makes the compiled model of a fold. */
export type Build<Options, S extends FoldScores> = (
  fold: FoldInfo,
) => Trainable<Options, S> | Promise<Trainable<Options, S>>;

/** The rows of a fold that are trained on, validated on and tested on. */
export type Part = "train" | "validation" | "test";

/** Turns examples into what the model takes. What only training sees, as oversampling, looks at the part. */
export type Transform<T> = (examples: T, part: Part) => unknown;

export interface CrossValidateOptions<T, Options = object, S extends FoldScores = FoldScores>
  extends RowOptions {
  /** A number of shuffled `kFold` parts, a splitter, or folds of row indices; default 5. */
  readonly folds?: number | Splitter | Iterable<Fold>;
  /** The class of each row, for stratified splitters; default: the labels in `y`. */
  readonly labels?: ClassLabels;
  /** The group of each row, for grouped splitters. */
  readonly groups?: ClassLabels;
  /** Seed of the folds and of the validation rows; default 0. */
  readonly seed?: number;
  /**
   * Options of `fit`, or a function that makes them for each fold: what keeps a state, as early stopping does, must be
   * made anew.
   */
  readonly fit?: NoInfer<Options> | ((fold: FoldInfo) => NoInfer<Options>);
  /**
   * Share, or number, of each fold's training rows that `fit` gets as its `validation` instead of training on them: what
   * early stopping looks at is never the test. Random rows; of a stratified splitter in the shares of the classes, of a
   * grouped one whole groups, of a time series the last. Default: no validation.
   */
  readonly validation?: number;
  /**
   * Called with the rows that a fold trains on, and no others; answers the function that is applied to them, to the
   * validation rows and to the test rows. Fit encoders here.
   */
  readonly prepare?: (train: T, fold: FoldInfo) => Transform<T> | Promise<Transform<T>>;
  /** Called, and awaited, after each fold. */
  readonly onFold?: (result: FoldResult<S>) => unknown;
  /** Stops; `crossValidate` then rejects with the signal's reason. */
  readonly signal?: Signal | undefined;
}

/**
 * Trains a fresh model for each fold and evaluates it on the rows that it has not seen. Nothing leaks from the test:
 * validation rows and whatever `prepare` fits come from the fold's training rows.
 *
 * @param build makes the compiled model of a fold; it is disposed of afterwards
 * @param data `{ x, y }`, as `fit` takes it; flat typed arrays with the number of `rows`
 * @returns the scores of each fold, their means and sample deviations; as text a table
 * @throws OptionError, DataError before the first fold where that can be; what `fit` throws; the signal's reason
 *
 * @example
 * const result = await crossValidate(() => compile(network(), { loss: "crossEntropy", metrics: ["accuracy"] }), { x, y }, {
 *   folds: stratifiedKFold({ folds: 10, shuffle: true }),
 *   fit: { epochs: 50 },
 *   validation: 0.2,
 *   prepare: ({ x }) => {
 *     const scaler = standardScaler().fit(x);
 *     return ({ x, y }) => ({ x: scaler.transform(x), y });
 *   },
 * });
 * console.log(String(result), result.mean.accuracy, result.deviation.accuracy);
 */
export async function crossValidate<T extends object, Options, S extends FoldScores>(
  build: Build<Options, S>,
  data: T,
  options: CrossValidateOptions<T, Options, S> = {},
): Promise<CrossValidation<S>> {
  checkSurplus("crossValidate", arguments, 3);
  const who = "crossValidate";
  const { seed, rows, validation } = checkOptions(who, build, data, options);
  const known: RowsToSplit = { rows, labels: options.labels ?? labelsIn(data, rows), groups: options.groups };
  const { folds, keeps } = openFolds(who, options.folds, seed, known);
  const results: FoldResult<S>[] = [];
  const disposed = new WeakSet<object>();
  for (const fold of eachOf(who, folds)) {
    const { train, test } = fold;
    options.signal?.throwIfAborted();
    const info = { fold: results.length + 1, seed };
    const at = `${who}: fold ${info.fold}`;
    checkFold(at, { train, test }, rows);
    const parted =
      validation === undefined
        ? { kept: train, held: undefined }
        : part(at, train, validation, keeps, known, info);
    const result = await runFold(at, build, data, { ...parted, test, rows, info, disposed }, options);
    results.push(result);
    await options.onFold?.(result);
  }
  if (results.length === 0) throw new OptionError(`${who}: there are no folds; needs at least one.`);
  return summarizeFolds(results);
}

function checkOptions<T extends object, Options, S extends FoldScores>(
  who: string,
  build: (...given: never) => unknown,
  data: T,
  options: CrossValidateOptions<T, Options, S>,
) {
  functionOf()(who, "the first argument", build);
  type Given = typeof options;
  const {
    seed,
    fit,
    validation,
    signal,
    rows: given,
  } = take(who, options, {
    folds: later<Given["folds"]>(),
    labels: later<Given["labels"]>(),
    groups: later<Given["groups"]>(),
    seed: integer(0, 0),
    fit: later<Given["fit"]>(),
    validation: later<Given["validation"]>(),
    prepare: optional(functionOf<Given["prepare"] & {}>()),
    onFold: optional(functionOf<Given["onFold"] & {}>()),
    signal: later<Given["signal"]>(),
    rows: optional(integer(1)),
  });
  for (const name of ["labels", "groups"] as const) {
    const list: unknown = options[name];
    if (list === undefined || (typeof list === "object" && list !== null)) continue;
    throw new OptionError(`${who}: ${name} is ${describe(list)}; needs a list of one for each row.`);
  }
  if (fit !== undefined && typeof fit !== "function") checkFitOptions(who, fit);
  if (signal !== undefined && typeof signal?.throwIfAborted !== "function") {
    throw new OptionError(`${who}: signal is ${describe(signal)}; needs that of an AbortController.`);
  }
  const rows = countRows(who, data, given);
  if (validation !== undefined) heldRows(who, "validation", validation, rows);
  return { seed, rows, validation };
}

/** @throws OptionError for what `crossValidate` gives to `fit` itself */
function checkFitOptions(who: string, fit: unknown): void {
  if (typeof fit !== "object" || fit === null) {
    throw new OptionError(
      `${who}: fit is ${describe(fit)}; needs the options of fit, or a function of the fold.`,
    );
  }
  for (const name of ["validation", "signal"]) {
    if (!Object.hasOwn(fit, name)) continue;
    const mend = name === "validation" ? "a share of the training rows" : "the signal";
    throw new OptionError(`${who}: fit has ${name}; give ${mend} to ${who} itself: { ${name} }.`);
  }
}

/** @throws OptionError for what cannot be trained: a network that was not compiled, nothing at all */
function checkModel(who: string, model: unknown): void {
  const given = (model ?? {}) as { readonly [method in "fit" | "evaluate"]?: unknown };
  if (typeof given.fit === "function" && typeof given.evaluate === "function") return;
  throw new OptionError(
    `${who}: what build answers is ${describe(model)}; needs a model: () => compile(network, { … }).`,
  );
}

/** @throws OptionError for a model that served a fold before, and has seen what this one tests on */
function checkNew(who: string, model: object, disposed: WeakSet<object>): void {
  if (!disposed.has(model)) return;
  throw new OptionError(
    `${who}: what build answers is the model of a fold before, which is disposed of; needs a new one for each: ` +
      "() => compile(network, { … }).",
  );
}

/** Class labels in `y`, where there is one number or name for each row. */
function labelsIn(data: object, rows: number): ClassLabels | undefined {
  const { y } = data as { readonly y?: unknown };
  const isFlat = ArrayBuffer.isView(y) || (Array.isArray(y) && typeof y[0] !== "object");
  return isFlat && (y as ClassLabels).length === rows ? (y as ClassLabels) : undefined;
}

function openFolds(
  who: string,
  given: number | Splitter | Iterable<Fold> = 5,
  seed: number,
  of: RowsToSplit,
) {
  const splitter: unknown = typeof given === "number" ? kFold({ folds: given, shuffle: true, seed }) : given;
  if (typeof splitter === "object" && splitter !== null) {
    if ("split" in splitter) {
      const { keeps } = splitter as Splitter;
      return { folds: (splitter as Splitter).split(of), keeps };
    }
    if (Symbol.iterator in splitter) return { folds: splitter as Iterable<Fold>, keeps: "nothing" as const };
  }
  throw new OptionError(
    `${who}: folds is ${describe(given)}; needs a number, a splitter such as kFold(), or { train, test } for each fold.`,
  );
}

/** The folds of a splitter or a list that callers made. @throws OptionError for what gives none */
function* eachOf(who: string, folds: Iterable<Fold>): Generator<Fold, void, undefined> {
  const refuse = (what: string, got: unknown) =>
    new OptionError(`${who}: ${what} is ${describe(got)}; needs { train, test } for each fold.`);
  if (typeof folds?.[Symbol.iterator] !== "function") throw refuse("what gives the folds", folds);
  const iterator = folds[Symbol.iterator]();
  if (typeof iterator?.next !== "function") throw refuse("next of the folds' iterator", iterator?.next);
  try {
    for (;;) {
      const result = iterator.next() as IteratorResult<Fold> | undefined;
      if (typeof result !== "object" || result === null)
        throw refuse("next() of the folds' iterator", result);
      if (result.done) return;
      yield (result.value ?? {}) as Fold;
    }
  } finally {
    iterator.return?.();
  }
}

/** @throws DataError for indices that are no rows, or a row that is trained and tested on */
function checkFold(who: string, { train, test }: Fold, rows: number): void {
  for (const [name, indices] of Object.entries({ train, test })) {
    if (!(indices?.length > 0)) throw new DataError(`${who}: has no ${name} rows; needs at least one.`);
    checkIndices(`${who}: ${name}`, indices, rows);
  }
  const trained = new Set(train);
  const both = test.find((row) => trained.has(row));
  if (both === undefined) return;
  throw new DataError(
    `${who}: row ${both} is among the rows to train on and those to test on; needs one or the other.`,
  );
}

/** Training rows without those that are held out for validation, and these. */
function part(
  who: string,
  train: Uint32Array<ArrayBuffer>,
  size: number,
  keeps: Splitter["keeps"],
  { labels, groups }: RowsToSplit,
  { fold, seed }: FoldInfo,
) {
  const held = heldRows(who, "validation", size, train.length);
  const draw = drawsOf(seed, fold, Use.Validation);
  const among = (list: ClassLabels | undefined) =>
    classesOf(
      who,
      Array.from(train, (row) => list?.[row] as number),
    );
  const parted = () => {
    if (typeof keeps === "object") return holdLast(train.length, held, keeps.gap);
    if (keeps === "classes") return holdStratified(`${who}: validation`, among(labels), held, draw);
    if (keeps === "groups") return holdGroups(`${who}: validation`, among(groups), held, draw);
    return holdRandom(train.length, held, draw);
  };
  const rowsOf = (places: Uint32Array) => Uint32Array.from(places, (place) => train[place] as number);
  const { kept, held: chosen } = parted();
  if (kept.length === 0)
    throw new DataError(`${who}: no rows are left to train on; needs a smaller validation.`);
  return { kept: rowsOf(kept), held: rowsOf(chosen) };
}

interface FoldRows {
  readonly kept: Uint32Array;
  readonly held: Uint32Array | undefined;
  readonly test: Uint32Array;
  readonly rows: number;
  readonly info: FoldInfo;
  /** Models of the folds before. */
  readonly disposed: WeakSet<object>;
}

async function runFold<T extends object, Options, S extends FoldScores>(
  who: string,
  build: Build<Options, S>,
  data: T,
  { kept, held, test, rows, info, disposed }: FoldRows,
  options: CrossValidateOptions<T, Options, S>,
): Promise<FoldResult<S>> {
  const train = rowsAt(data, kept, rows);
  const transform = (await options.prepare?.(train, info)) ?? ((examples: T) => examples);
  functionOf()(who, "what prepare answers", transform);
  const prepared = await transform(train, "train");
  const validation = held && (await transform(rowsAt(data, held, rows), "validation"));
  const tested = await transform(rowsAt(data, test, rows), "test");
  const { fit: training = {}, signal } = options;
  const fitOptions =
    typeof training === "function" ? (training as (fold: FoldInfo) => Options)(info) : training;
  checkFitOptions(who, fitOptions);
  const stop = signal && { signal };
  const model = await build(info);
  checkModel(who, model);
  checkNew(who, model, disposed);
  try {
    const given = { ...fitOptions, ...stop, ...(validation === undefined ? {} : { validation }) };
    await model.fit(prepared as never, given as never);
    const scores = (await model.evaluate(tested as never, { ...stop } as never)) as S;
    return {
      fold: info.fold,
      scores,
      trainRows: kept.length,
      validationRows: held?.length ?? 0,
      testRows: test.length,
    };
  } finally {
    if (model.dispose) disposed.add(model);
    model.dispose?.();
  }
}
