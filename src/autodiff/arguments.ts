import { DataError } from "../check/errors.js";
import { describe } from "../check/options.js";
import { writeNumbers } from "./numbers.js";
import type { Argument } from "./trace.js";

interface Given {
  readonly who: string;
  readonly single: boolean;
  /** Whether one that is left out counts as zeros. */
  readonly isOptional?: boolean;
}

/** Writes the numbers of one input, or of several by name. @throws DataError for what is missing or too much, ShapeError */
export function writeArguments(
  to: { parameter(one: Argument["parameter"]): Float32Array },
  named: readonly Argument[],
  given: unknown,
  { who, single, isOptional = false }: Given,
): void {
  if (single) {
    const [{ parameter, shape }] = named as readonly [Argument];
    writeNumbers(who, to.parameter(parameter), given, shape);
    return;
  }
  const record = given === undefined && named.length === 0 ? {} : given;
  const names = named.map(({ name }) => name).join(", ");
  if (typeof record !== "object" || record === null || Array.isArray(record) || ArrayBuffer.isView(record)) {
    throw new DataError(`${who}s are ${describe(record)}; needs an object of numbers by name: ${names}.`);
  }
  const odd = Object.keys(record).find((key) => !named.some(({ name }) => name === key));
  if (odd !== undefined) throw new DataError(`${who} "${odd}" there is not; there are: ${names || "none"}.`);
  for (const { name, parameter, shape } of named) {
    const numbers = (record as { readonly [name: string]: unknown })[name];
    const target = to.parameter(parameter);
    if (numbers === undefined && isOptional) target.fill(0);
    else if (numbers === undefined) throw new DataError(`${who} "${name}" is missing; needs ${names}.`);
    else writeNumbers(`${who} "${name}"`, target, numbers, shape);
  }
}
