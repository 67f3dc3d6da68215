/** What a program without types, or one that means harm, could pass in place of anything. */
import type { Draw } from "./draw.js";

/** Thrown by what a caller brings: it passes as it is, or as the cause of an error. */
export class CallersError extends Error {}

const fails = (): never => {
  throw new CallersError("the caller's own");
};

/** A typed array whose memory is gone. */
export function detached(array: Float32Array | Uint8Array = new Float32Array(6)): typeof array {
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
}

class Sub extends Float32Array {}
class Careless extends Float32Array {
  static get [Symbol.species](): never {
    return Array as never;
  }
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

function cyclic(): unknown {
  const value: unknown[] = [];
  value.push(value, { value });
  return value;
}

const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

/** Each makes its own, as some are changed by whoever takes them. */
export const HOSTILE: readonly (() => unknown)[] = [
  () => null,
  () => undefined,
  () => Symbol("s"),
  () => Symbol.iterator,
  () => 7n,
  () => Number.NaN,
  () => -1,
  () => 1.5,
  () => 1e39,
  () => 2 ** 31,
  () => 2 ** 53,
  () => "",
  () => "__proto__",
  () => "constructor",
  () => "x".repeat(10_000),
  () => "*".repeat(500),
  () => true,
  () => [],
  () => [[]],
  () => [null],
  () => new Array(5),
  () => [1, [2, 3]],
  () => [Symbol("in a list")],
  () => ["a", "b"],
  () => ({}),
  () => ({ length: 2 ** 32 - 1 }),
  () => ({ length: -1, 0: 1 }),
  () => ({ length: "3" }),
  () => Object.create(null),
  () => JSON.parse('{"__proto__": 1, "constructor": 2}'),
  () => nested(5_000),
  cyclic,
  revoked,
  () => new Proxy([], {}),
  () => new Proxy(() => 1, {}),
  () => detached(),
  () => detached(new Uint8Array(6)),
  () => new Sub(6),
  () => new Careless(6),
  () => new Float32Array(0),
  () => Float32Array.of(Number.NaN, 1, 2, 3, 4, 5),
  () => new BigInt64Array(6),
  () => new DataView(new ArrayBuffer(8)),
  () => new ArrayBuffer(8),
  () => new SharedArrayBuffer(64),
  () => new Float32Array(new SharedArrayBuffer(24)),
  () => ({ [Symbol.iterator]: () => ({}) }),
  () => ({ [Symbol.iterator]: () => ({ next: () => undefined }) }),
  () => ({ [Symbol.iterator]: () => null }),
  () => ({ [Symbol.iterator]: 5 }),
  () => ({ [Symbol.asyncIterator]: () => ({}) }),
  () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(undefined) }) }),
  () => ({ [Symbol.asyncIterator]: () => undefined }),
  () => ({ [Symbol.iterator]: () => ({ next: fails }) }),
  () => () => undefined,
  () => () => Symbol("result"),
  () => () => null,
  () => fails,
  () => async () => null,
  () => Promise.resolve(1),
  () => new Date(0),
  () => new Date(Number.NaN),
  () => /x/,
  () => new Map([[1, 2]]),
  () => new Set([1]),
  () => new WeakMap(),
  () => new Error("an error"),
  () => class {},
  () => globalThis,
  () => Object.freeze([1, 2]),
  () => new String("text"),
  () => new Number(3),
  () => ({ toString: () => Symbol("no text") as never }),
  () => ({ valueOf: fails, toString: fails }),
  () => Object.defineProperty({}, "x", { get: fails, enumerable: true }),
];

export const hostile = (draw: Draw): unknown => draw.of(HOSTILE)();
