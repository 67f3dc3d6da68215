/** Files of other kinds, told by how they begin. */
import { FormatError } from "../../check/errors.js";

const ZIP = "a ZIP archive, as .npz, Keras' .keras and PyTorch's .pt are";

/** What files are that begin with these bytes, written as Latin-1. */
const BEGINNINGS: readonly (readonly [begins: string, is: string])[] = [
  ["PK\x03\x04", ZIP],
  ["PK\x05\x06", ZIP],
  ["\x1f\x8b", "compressed by gzip"],
  ["\x93NUMPY", "an array of NumPy (.npy)"],
  ["\x89HDF\r\n\x1a\n", "an HDF5 file, as Keras' .h5 is"],
  ["GGUF", "a GGUF file"],
  ["\0asm", "a WebAssembly module"],
  ["\x80\x02", "a pickle of Python"],
  ["\x80\x04", "a pickle of Python"],
  ["\x80\x05", "a pickle of Python"],
  ["{", "a text, perhaps JSON"],
  ["[", "a text, perhaps JSON"],
  ["<", "a text, perhaps HTML: look at what the address answers"],
];

/** @throws FormatError for a file of a known kind that is no safetensors file */
export function refuseOthers(who: string, bytes: Uint8Array): void {
  // The length of a header may begin like any of them; the header itself begins with a brace.
  if (bytes[8] === 0x7b) return;
  const [, is] =
    BEGINNINGS.find(([begins]) => [...begins].every((letter, i) => bytes[i] === letter.charCodeAt(0))) ?? [];
  if (is === undefined) return;
  throw new FormatError(`${who}: the file is ${is}; needs a safetensors file, as save and snapshot write.`);
}
