import type { Tensor } from "../../rows/table.js";
import { toNumbers } from "./cells.js";
import { type EncoderRule, isWidth } from "./encoder.js";

/** Numbers as they are, checked: for columns that need no encoder. */
export const passThroughRule = (): EncoderRule<
  Tensor,
  number,
  { readonly inputs: number },
  Float32Array<ArrayBuffer>
> => ({
  kind: "passThrough",
  options: {},
  read: toNumbers,
  learn: (_, { columns }) => ({ inputs: columns }),
  sizes: ({ inputs }) => ({ inputs, columns: inputs }),
  encode: (_, { cells }, _state, out) => out.set(cells),
  decode: (_, { cells }) => Float32Array.from(cells),
  names: (_, inputs) => [...inputs],
  fields: ["inputs"],
  holds: ({ inputs }) => isWidth(inputs),
});
