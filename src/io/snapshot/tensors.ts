/** The tensors of a snapshot: of each parameter its values, and what the optimizer keeps for it. */
import { FormatError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { formatShape, sameShape } from "../../graph/shape.js";
import type { FileTensor } from "../safetensors/read.js";
import type { SavedParameter } from "./state.js";

/** How a tensor is called: the values of a parameter (0), and its slots from 1 on. No parameter's name ends like that. */
export const tensorName = (parameter: string, i: number): string =>
  i === 0 ? parameter : `${parameter}/${i - 1}/`;

/** The numbers of a parameter in a snapshot. */
export interface SavedNumbers extends SavedParameter {
  readonly shape: readonly number[];
  /** The values, then the slots. */
  readonly numbers: readonly Float32Array[];
}

/**
 * @throws FormatError for a tensor that is missing, of another type or shape, or of no parameter; for values that are not
 *   finite, and slots that are no numbers
 */
export function numbersOf(
  who: string,
  parameters: readonly SavedParameter[],
  tensors: readonly FileTensor[],
): SavedNumbers[] {
  const byName = new Map(tensors.map((one) => [one.name, one]));
  const found = parameters.map((one) => {
    const first = byName.get(one.name);
    const shape = first?.shape ?? [];
    const numbers: Float32Array[] = [];
    for (let i = 0; i <= one.slots; i++) {
      const name = tensorName(one.name, i);
      const tensor = byName.get(name);
      if (tensor?.dtype !== "F32" || !sameShape(tensor.shape, shape)) {
        const got = tensor === undefined ? "missing" : `${tensor.dtype} ${formatShape(tensor.shape)}`;
        throw new FormatError(
          `${who}: the tensor ${describe(name)} is ${got}; needs F32${first ? ` ${formatShape(shape)}` : ""}.`,
        );
      }
      byName.delete(name);
      numbers.push(finiteOf(who, tensor, i));
    }
    return { ...one, shape, numbers };
  });
  const [odd] = byName.keys();
  if (odd === undefined) return found;
  throw new FormatError(`${who}: the tensor ${describe(odd)} is of no parameter that the snapshot lists.`);
}

/** Infinite is what the optimizer may have kept of gradients that were too large to be squared. */
function finiteOf(who: string, { name, bytes }: FileTensor, i: number): Float32Array {
  const { buffer, byteOffset, length } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const numbers = new Float32Array(buffer, byteOffset, length / 4);
  const odd = numbers.findIndex(i === 0 ? (x) => !Number.isFinite(x) : Number.isNaN);
  if (odd < 0) return numbers;
  throw new FormatError(`${who}: ${describe(name)}[${odd}] is ${numbers[odd]}; needs a finite number.`);
}
