/** The tensors of a snapshot: of each parameter its values, and what the optimizer keeps for it. */
import { FormatError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { formatShape, sameShape } from "../../graph/shape.js";
import type { FileTensor } from "../safetensors/read.js";
import type { SavedParameter } from "./state.js";

/** How a tensor is called: the values of a parameter (0), and its slots from 1 on. No parameter's name ends like that. */
export const tensorName = (parameter: string, i: number): string =>
  i === 0 ? parameter : `${parameter}/${i - 1}/`;

/** Weights that a callback keeps, by its place among the states: unlike slots they end in two slashes. */
export const keptName = (parameter: string, callback: number): string => `${parameter}/${callback}//`;

/** The numbers of a parameter in a snapshot. */
export interface SavedNumbers extends SavedParameter {
  readonly shape: readonly number[];
  /** The values, then the slots. */
  readonly numbers: readonly Float32Array[];
  /** The values that callbacks keep of it, by their places. */
  readonly kept: ReadonlyMap<number, Float32Array>;
}

/**
 * @param callbacks places of those that keep weights
 * @throws FormatError for a tensor that is missing, of another type or shape, or of no parameter; for values that are not
 *   finite, and slots that are no numbers
 */
export function numbersOf(
  who: string,
  parameters: readonly SavedParameter[],
  tensors: readonly FileTensor[],
  callbacks: readonly number[] = [],
): SavedNumbers[] {
  const byName = new Map(tensors.map((one) => [one.name, one]));
  const found = parameters.map((one) => {
    const first = byName.get(one.name);
    const shape = first?.shape ?? [];
    const taken = (name: string, mayBeInfinite: boolean) => {
      const tensor = byName.get(name);
      if (tensor?.dtype !== "F32" || !sameShape(tensor.shape, shape)) {
        const got = tensor === undefined ? "missing" : `${tensor.dtype} ${formatShape(tensor.shape)}`;
        throw new FormatError(
          `${who}: the tensor ${describe(name)} is ${got}; needs F32${first ? ` ${formatShape(shape)}` : ""}.`,
        );
      }
      byName.delete(name);
      return numbersIn(who, tensor, mayBeInfinite);
    };
    const numbers: Float32Array[] = [];
    for (let i = 0; i <= one.slots; i++) numbers.push(taken(tensorName(one.name, i), i > 0));
    const kept = new Map(callbacks.map((i) => [i, taken(keptName(one.name, i), false)]));
    return { ...one, shape, numbers, kept };
  });
  const [odd] = byName.keys();
  if (odd === undefined) return found;
  throw new FormatError(`${who}: the tensor ${describe(odd)} is of no parameter that the snapshot lists.`);
}

/** Infinite is what the optimizer may have kept of gradients that were too large to be squared. */
function numbersIn(who: string, { name, bytes }: FileTensor, mayBeInfinite: boolean): Float32Array {
  const { buffer, byteOffset, length } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const numbers = new Float32Array(buffer, byteOffset, length / 4);
  const odd = numbers.findIndex(mayBeInfinite ? Number.isNaN : (x) => !Number.isFinite(x));
  if (odd < 0) return numbers;
  throw new FormatError(`${who}: ${describe(name)}[${odd}] is ${numbers[odd]}; needs a finite number.`);
}
