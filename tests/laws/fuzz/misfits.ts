/** Calls that would do but for one argument or option, which is null or of another type than the published one. */
import ts from "typescript";
import { standardScaler, toSparse } from "../../../src/data/index.js";
import type { Value } from "../../../src/graph/value.js";
import { dense, input } from "../../../src/index.js";
import type { Model } from "../../../src/model/model.js";
import { sum } from "../../../src/ops/index.js";
import { data, value } from "../misuses/subjects.js";
import { Arguments, type Makers } from "./arguments.js";
import { invoke, isOwn, withinTurns } from "./calls.js";
import { Draw } from "./draw.js";
import { type Callable, isPublic, type Published } from "./published.js";
import { makeModel, makers } from "./subjects.js";

/** Seeds that are tried until a call does. */
const TRIES = 40;

/** What stands in a place of a type, and must not. */
interface Misfit {
  readonly place: string;
  readonly value: unknown;
  /** Puts it there. */
  readonly into: (values: unknown[]) => unknown[];
}

const takesAny = ({ flags }: ts.Type) =>
  (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter | ts.TypeFlags.Null)) !== 0;

/** Null where the type has none; of a number its text, and of a choice of yes and no a number. */
function misfitsOf(type: ts.Type): unknown[] {
  const parts = (type.isUnion() ? type.types : [type]).filter(
    ({ flags }) => (flags & ts.TypeFlags.Undefined) === 0,
  );
  if (parts.some(takesAny)) return [];
  const isOf = (mask: ts.TypeFlags) => parts.every(({ flags }) => (flags & mask) !== 0);
  if (isOf(ts.TypeFlags.NumberLike)) return [null, "1"];
  return isOf(ts.TypeFlags.BooleanLike) ? [null, 1] : [null];
}

const { x, y } = data;

/** Arguments of what random ones hardly fit. */
const writtenOf = (model: Model): Readonly<Record<string, unknown[]>> => ({
  columns: [{ a: standardScaler() }],
  loadEncoder: [JSON.parse(JSON.stringify(standardScaler().fit(x)))],
  classWeights: [[0, 1, 1]],
  crossValidate: [() => makeModel(), { x, y }, { folds: 2, fit: { epochs: 1 } }],
  fit: [{ x, y }, { epochs: 1 }],
  evaluate: [{ x, y }, {}],
  predict: [x, {}],
  freeze: ["last"],
  unfreeze: ["last"],
  restore: [model.snapshot(), {}],
  trace: [{ x, y }, {}],
  trainOnBatch: [{ x, y }],
  applyGradients: [model.weights()],
  profile: [{ x, y }, {}],
  compileFunction: [(given: Value) => sum(given), { inputs: [2, 3] }],
  centerDrawing: [new Uint8Array(6), { height: 2, width: 3 }],
  resizeImages: [new Uint8Array(6), { from: [2, 3, 1], to: [1, 2, 1] }],
  readIdx: [Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7)],
  readCifar: [new Uint8Array(3073), {}],
  "SparseRows.join": [[toSparse(x), toSparse(x)]],
  network: [ends()],
  piecewiseConstantDecay: [{ boundaries: [3], values: [0.1, 0.01] }],
  instanceNorm: [value(2, 3, 4)],
  slice: [value(3, 4), [0, 0], [1, 2], {}],
});

const ends = () => {
  const inputs = input(3);
  return { inputs, outputs: dense(2)(inputs) };
};

/** A call that does, made again for each misfit. */
export class Refusals {
  readonly #published: Published;
  #model: Model;

  constructor(published: Published, model: Model) {
    this.#published = published;
    this.#model = model;
  }

  /** The misfits of a call. */
  misfits(signature: ts.Signature, given: Makers): Misfit[] {
    const { checker, file } = this.#published;
    return signature.getParameters().flatMap((parameter, at): Misfit[] => {
      const declaration = parameter.valueDeclaration as ts.ParameterDeclaration;
      if (declaration.dotDotDotToken !== undefined) return [];
      const type = checker.getTypeOfSymbolAtLocation(parameter, file);
      const put = (values: unknown[], value: unknown) => {
        const all = [...values];
        while (all.length < at) all.push(undefined);
        all[at] = value;
        return all;
      };
      const whole = misfitsOf(type).map((value) => ({
        place: parameter.name,
        value,
        into: (values: unknown[]) => put(values, value),
      }));
      return [...whole, ...this.#ofOptions(parameter.name, type, at, given, put)];
    });
  }

  #ofOptions(
    name: string,
    type: ts.Type,
    at: number,
    given: Makers,
    put: (values: unknown[], value: unknown) => unknown[],
  ): Misfit[] {
    const { checker, file } = this.#published;
    const options = checker.getNonNullableType(type);
    const isRecord =
      /^(options|given|settings)$/.test(name) && !Object.hasOwn(given, options.aliasSymbol?.name ?? "");
    if (!isRecord) return [];
    return checker
      .getPropertiesOfType(options)
      .filter(isPublic)
      .flatMap((member) =>
        misfitsOf(checker.getTypeOfSymbolAtLocation(member, file)).map((value) => ({
          place: member.name,
          value,
          into: (values: unknown[]) => put(values, { ...(values[at] as object), [member.name]: value }),
        })),
      );
  }

  /** By their places those that were not refused, and how many were tried; undefined when no call did. */
  async taken(callable: Callable): Promise<{ readonly tried: number; readonly taken: string[] } | undefined> {
    for (const signature of callable.signatures) {
      for (let seed = 0; seed <= TRIES; seed++) {
        if ((await this.#call(callable, signature, seed, (values) => values)) !== undefined) continue;
        const misfits = this.misfits(signature, makers(this.#model));
        const taken: string[] = [];
        for (const { place, value, into } of misfits) {
          const error = await this.#call(callable, signature, seed, into);
          const text = `${callable.name}: ${place}: ${JSON.stringify(value)}`;
          if (error === undefined) taken.push(text);
          else if (!isOwn(error)) taken.push(`${text}: ${error}`);
        }
        return { tried: misfits.length, taken };
      }
    }
    return undefined;
  }

  /** What it throws. */
  async #call(
    callable: Callable,
    signature: ts.Signature,
    seed: number,
    change: (values: unknown[]) => unknown[],
  ): Promise<unknown> {
    if (this.#model.state.disposed) this.#model = await makeModel();
    const draw = new Draw(seed);
    const given = makers(this.#model);
    const drawn = new Arguments(this.#published, given, draw, new Set());
    const written = seed === 0 ? writtenOf(this.#model)[callable.name] : undefined;
    const values = change(written ?? drawn.of(signature, true));
    const { receiver } = callable;
    try {
      await withinTurns(() => invoke(callable, receiver && given[receiver]?.(draw), values));
      return undefined;
    } catch (error) {
      return error ?? new Error("nothing");
    }
  }
}
