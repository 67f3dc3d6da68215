/** Files of other kinds, told by how they begin. */
import { FormatError } from "../../check/errors.js";

const FIRST_BYTES = 16;

/** What files are whose first bytes are like that, in hexadecimal digits. */
const BEGINNINGS: readonly (readonly [begins: RegExp, is: string])[] = [
  [/^504b0(304|506)/, "a ZIP archive, as .npz, Keras' .keras and PyTorch's .pt are"],
  [/^1f8b/, "compressed by gzip"],
  // "\x93NUMPY", "\x89HDF\r\n\x1a\n", "GGUF".
  [/^934e554d5059/, "an array of NumPy (.npy)"],
  [/^894844460d0a1a0a/, "an HDF5 file, as Keras' .h5 is"],
  [/^47475546/, "a GGUF file"],
  // "TFL3" behind four bytes.
  [/^.{8}54464c33/, "a model of TensorFlow Lite"],
  // Field 1, the version, and 2 or 3, who made it, or 7, the graph.
  [/^08[01].(12|1a|3a)/, "a model of ONNX"],
  // "\0asm"
  [/^0061736d/, "a WebAssembly module"],
  [/^800[2-5]/, "a pickle of Python"],
  // Spaces, and "{" or "["; "<".
  [/^(20|0[9ad])*[57]b/, "a text, perhaps JSON"],
  [/^(20|0[9ad])*3c/, "a text, perhaps HTML: look at what the address answers"],
];

/** What a file of another kind is, by its first bytes; undefined of a safetensors file, and of what is not known. */
export function kindOfOthers(bytes: Uint8Array): string | undefined {
  // The length of a header may begin like any of them; no header is so long, and it begins with a brace.
  if (bytes[7] === 0 && bytes[8] === 0x7b) return undefined;
  const digits = Array.from(bytes.subarray(0, FIRST_BYTES), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
  return BEGINNINGS.find(([begins]) => begins.test(digits))?.[1];
}

/** @throws FormatError for a file of a known kind that is no safetensors file */
export function refuseOthers(who: string, bytes: Uint8Array): void {
  const is = kindOfOthers(bytes);
  if (is === undefined) return;
  throw new FormatError(`${who}: the file is ${is}; needs a safetensors file, as save and snapshot write.`);
}
