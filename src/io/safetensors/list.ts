/** The tensors that a header lists, of whatever types. */
import { FormatError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import type { InspectedTensor } from "../tensors/tensorFile.js";
import { DTYPE_BYTES } from "./dtypes.js";
import type { Limits } from "./limits.js";
import { bytesOfShape, type TensorInfo } from "./read.js";

/** A tensor, and where its bytes begin behind the header. */
export interface ListedTensor extends InspectedTensor {
  readonly begin: number;
}

/** @throws FormatError for more tensors than the limits let */
export function checkCount(who: string, count: number, { tensors }: Limits): void {
  if (count <= tensors) return;
  throw new FormatError(`${who}: the header lists ${count} tensors; needs at most ${tensors}.`);
}

/** @throws FormatError for holes, overlaps, and sizes that are not those of known types */
export function listedTensors(
  who: string,
  infos: Readonly<Record<string, TensorInfo>>,
  bytes: number,
  limits: Limits,
): ListedTensor[] {
  const listed = Object.entries(infos);
  checkCount(who, listed.length, limits);
  listed.sort(([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1]);
  let end = 0;
  const tensors = listed.map(([name, { dtype, shape, data_offsets }]) => {
    const [begin, to] = data_offsets;
    const isKnown = Object.hasOwn(DTYPE_BYTES, dtype);
    const needed = isKnown ? bytesOfShape(dtype, shape) : to - begin;
    if (begin !== end || to - begin !== needed || to < begin) {
      throw new FormatError(
        `${who}: ${describe(name)}.data_offsets is [${begin}, ${to}]; needs ${needed} bytes from ${end} on, by dtype and shape.`,
      );
    }
    end = to;
    const refused = `${describe(dtype)} is no type of numbers that this version reads.`;
    return { name, dtype, shape, bytes: to - begin, begin, ...(isKnown ? {} : { refused }) };
  });
  if (end === bytes) return tensors;
  throw new FormatError(`${who}: the file has ${bytes} bytes of tensors; needs ${end}, as its header says.`);
}
