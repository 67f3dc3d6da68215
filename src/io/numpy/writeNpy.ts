import { OptionError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { type GivenTensor, type TensorBytes, tensorBytes } from "../tensors/newTensor.js";
import { descrOf } from "./npyHeader.js";

/** NumPy pads headers so that numbers are aligned to this. */
const ALIGNMENT = 64;
const BEFORE = 10;

/** @throws OptionError for a type that NumPy has not */
export function npyBytes(who: string, { name, dtype, shape, bytes }: TensorBytes): Uint8Array<ArrayBuffer> {
  const descr = descrOf(dtype);
  if (descr === undefined) {
    throw new OptionError(
      `${who}: ${describe(name)} is ${dtype}, which NumPy has not; needs another type: { dtype: "F32" }.`,
    );
  }
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const said = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const start = Math.ceil((BEFORE + said.length + 1) / ALIGNMENT) * ALIGNMENT;
  const header = `\x93NUMPY\x01\x00  ${said.padEnd(start - BEFORE - 1)}\n`;
  const file = new Uint8Array(start + bytes.length);
  for (let i = 0; i < start; i++) file[i] = header.charCodeAt(i);
  new DataView(file.buffer).setUint16(8, start - BEFORE, true);
  file.set(bytes, start);
  return file;
}

export const writeNpy = (tensor: GivenTensor): Uint8Array<ArrayBuffer> =>
  npyBytes("writeNpy", tensorBytes("writeNpy", "the array", tensor));
