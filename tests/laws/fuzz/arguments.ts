/** Arguments of a type: valid more often than not, so that what is wrong with one of them is looked at. */
import ts from "typescript";
import type { Draw } from "./draw.js";
import { CallersError, hostile } from "./hostile.js";
import { isPublic, type Published } from "./published.js";

/** Makes what a type of that name is of: nodes, models, values. */
export type Makers = Readonly<Record<string, (draw: Draw) => unknown>>;

const NUMBERS = [1, 2, 3, 4, 0.5, 1, 2, 0, 0.1, 8] as const;
const TEXTS = ["a", "loss", "dense", "x", "y", "mean", "relu", "adam", "0"] as const;
const ARRAYS: Readonly<Record<string, (draw: Draw) => unknown>> = {
  Float32Array: (draw) => Float32Array.from({ length: draw.of([3, 6, 24]) }, () => draw.share()),
  Float64Array: (draw) => Float64Array.from({ length: draw.of([3, 6, 24]) }, () => draw.share()),
  Uint8Array: (draw) => Uint8Array.from({ length: draw.of([2, 8]) }, () => draw.below(2)),
  Uint8ClampedArray: (draw) => Uint8ClampedArray.from({ length: 8 }, () => draw.below(2)),
  Int8Array: () => Int8Array.of(0, 1, 1, 0),
  Int16Array: () => Int16Array.of(0, 1, 1, 0),
  Int32Array: () => Int32Array.of(0, 1, 1, 0),
  Uint16Array: () => Uint16Array.of(0, 1, 1, 0),
  Uint32Array: () => Uint32Array.of(0, 1, 1, 0),
  ArrayBuffer: () => new ArrayBuffer(8),
  AbortSignal: () => new AbortController().signal,
  Signal: () => new AbortController().signal,
  Promise: () => Promise.resolve(1),
  Date: () => new Date(0),
  Blob: () => new Blob(["1,2\n3,4"]),
  ReadableStream: () => new Blob(["1,2\n3,4"]).stream(),
};

/** Hostile in so many places, of all that a call is made of. */
const HOSTILITY = 0.12;
const DEEPEST = 7;

/** Proxies that are revoked throw when they are asked. */
function isList(value: unknown): value is unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

export class Arguments {
  readonly #published: Published;
  readonly #makers: Makers;
  readonly #draw: Draw;
  /** Types that nothing makes. */
  readonly unknown: Set<string>;

  constructor(published: Published, makers: Makers, draw: Draw, unknown: Set<string>) {
    this.#published = published;
    this.#makers = makers;
    this.#draw = draw;
    this.unknown = unknown;
  }

  /** @param isStrict without anything hostile */
  of(signature: ts.Signature, isStrict = false): unknown[] {
    const { checker, file } = this.#published;
    const given: unknown[] = [];
    for (const parameter of signature.getParameters()) {
      const declaration = parameter.valueDeclaration as ts.ParameterDeclaration;
      const isOptional = declaration?.questionToken !== undefined || declaration?.initializer !== undefined;
      if (isOptional && this.#draw.is(0.35)) break;
      const type = checker.getTypeOfSymbolAtLocation(parameter, file);
      if (declaration?.dotDotDotToken === undefined) given.push(this.#value(type, 0, isStrict));
      else {
        const all = this.#value(type, 0, isStrict);
        if (isList(all)) given.push(...all);
      }
    }
    if (!isStrict && this.#draw.is(0.03)) given.push(hostile(this.#draw));
    return given;
  }

  #value(type: ts.Type, depth: number, isStrict: boolean): unknown {
    const draw = this.#draw;
    if (!isStrict && draw.is(HOSTILITY)) return hostile(draw);
    if (depth > DEEPEST) return undefined;
    const { flags } = type;
    if (type.isUnion()) {
      const some = type.types.filter((one) => !(one.flags & ts.TypeFlags.Undefined));
      return this.#value(draw.of(some), depth, isStrict);
    }
    const primitive = this.#primitive(type);
    if (primitive !== undefined) return primitive.value;
    if (flags & ts.TypeFlags.TypeParameter) {
      const constraint = type.getConstraint();
      return constraint === undefined
        ? draw.of([1, "a", [1, 2]])
        : this.#value(constraint, depth + 1, isStrict);
    }
    if (flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) return this.#object(type, depth, isStrict);
    const { checker } = this.#published;
    const base = checker.getBaseConstraintOfType(type);
    if (base !== undefined && base !== type) return this.#value(base, depth + 1, isStrict);
    // Conditional and indexed types of a parameter that nothing binds.
    return draw.of([undefined, 1, "a", {}]);
  }

  #primitive(type: ts.Type): { readonly value: unknown } | undefined {
    const { flags } = type;
    const draw = this.#draw;
    if (type.isStringLiteral() || type.isNumberLiteral()) return { value: type.value };
    if (flags & ts.TypeFlags.BooleanLiteral) {
      return { value: this.#published.checker.typeToString(type) === "true" };
    }
    if (flags & (ts.TypeFlags.Number | ts.TypeFlags.NumberLike)) return { value: draw.of(NUMBERS) };
    if (flags & ts.TypeFlags.StringLike) return { value: draw.of(TEXTS) };
    if (flags & ts.TypeFlags.BooleanLike) return { value: draw.is(0.5) };
    if (flags & ts.TypeFlags.BigIntLike) return { value: 1n };
    if (flags & ts.TypeFlags.ESSymbolLike) return { value: Symbol.iterator };
    if (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void | ts.TypeFlags.Never))
      return { value: undefined };
    if (flags & ts.TypeFlags.Null) return { value: null };
    if (flags & (ts.TypeFlags.Unknown | ts.TypeFlags.Any | ts.TypeFlags.NonPrimitive)) {
      return { value: draw.of([() => 1, () => "a", () => ({ a: 1 }), () => [1, 2]])() };
    }
    return undefined;
  }

  #object(type: ts.Type, depth: number, isStrict: boolean): unknown {
    const { checker } = this.#published;
    const draw = this.#draw;
    const name = type.aliasSymbol?.name ?? type.getSymbol()?.name ?? "";
    const make = this.#makers[name] ?? this.#makers[type.getSymbol()?.name ?? ""];
    if (make !== undefined) return make(draw);
    if (Object.hasOwn(ARRAYS, name)) return (ARRAYS[name] as (draw: Draw) => unknown)(draw);
    const elements = (checker.getTypeArguments?.(type as ts.TypeReference) ?? []) as readonly ts.Type[];
    if (checker.isTupleType(type)) return elements.map((one) => this.#value(one, depth + 1, isStrict));
    if (checker.isArrayType(type) || /^(Iterable|AsyncIterable|ArrayLike|ReadonlyArray|Array)$/.test(name)) {
      const [element] = elements;
      const count = draw.of([1, 2, 2, 3, 4]);
      return Array.from({ length: count }, () => element && this.#value(element, depth + 1, isStrict));
    }
    const [call] = type.getCallSignatures();
    if (call !== undefined && checker.getPropertiesOfType(type).length === 0) {
      return this.#function(call, depth, isStrict);
    }
    return this.#record(type, name, depth, isStrict);
  }

  #function(call: ts.Signature, depth: number, isStrict: boolean): unknown {
    const draw = this.#draw;
    if (!isStrict && draw.is(0.05)) {
      return () => {
        throw new CallersError("the caller's own");
      };
    }
    const result = call.getReturnType();
    // One of its parameters, as an identity, or something of the type that it should give.
    return (...given: unknown[]) =>
      draw.is(0.4) ? given[0] : this.#value(result, Math.min(depth + 1, DEEPEST), isStrict);
  }

  #record(type: ts.Type, name: string, depth: number, isStrict: boolean): unknown {
    const { checker, file } = this.#published;
    const members = checker.getPropertiesOfType(type);
    // A class, or what has methods of its own: nobody writes one down.
    const isOpaque = members.some((one) => !isPublic(one)) || type.isClass();
    if (isOpaque && name !== "__type" && name !== "__object") this.unknown.add(name);
    const record: Record<string, unknown> = {};
    for (const member of members.filter(isPublic)) {
      if (member.flags & ts.SymbolFlags.Optional && this.#draw.is(0.6)) continue;
      record[member.name] = this.#value(checker.getTypeOfSymbolAtLocation(member, file), depth + 1, isStrict);
    }
    const [index] = checker.getIndexInfosOfType(type);
    if (index !== undefined) {
      for (const key of ["x", "y", "dense/kernel"].slice(0, this.#draw.below(3))) {
        record[key] = this.#value(index.type, depth + 1, isStrict);
      }
    }
    if (!isStrict && this.#draw.is(0.03)) record[this.#draw.of(TEXTS)] = hostile(this.#draw);
    return record;
  }
}
