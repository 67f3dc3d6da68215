/** Archives of arrays of NumPy, as `numpy.savez` and `savez_compressed` write them. */
import { FormatError } from "../../check/errors.js";
import type { Source } from "../tensors/source.js";
import type { AllLimits, Entry } from "../tensors/tensorFile.js";
import { npyEntry } from "./npy.js";
import { unpacking } from "./unpack.js";
import { type Zipped, zipEntries } from "./zip.js";

const SUFFIX = ".npy";

/** Archives that hold no arrays, by an entry that they have. */
const OTHERS: readonly (readonly [has: RegExp, is: string])[] = [
  [
    /(^|\/)data\.pkl$/,
    "a file of PyTorch (.pt), which is a pickle; needs tensors: write them there by safetensors.torch.save_file, or numpy.savez",
  ],
  [
    /^model\.weights\.h5$/,
    "a model of Keras (.keras); needs tensors: write its weights there by numpy.savez",
  ],
  [/^\[Content_Types\]\.xml$/, "a document of an office program; needs tensors"],
  [/^META-INF\//, "an archive of Java; needs tensors"],
];

/** @throws FormatError for an archive of other things, naming them where they are known */
export async function npzEntries(who: string, source: Source, limits: AllLimits): Promise<Entry[]> {
  const zipped = await zipEntries(who, source, limits);
  for (const [has, is] of OTHERS) {
    if (zipped.some(({ name }) => has.test(name))) throw new FormatError(`${who}: the file is ${is}.`);
  }
  const entries: Entry[] = [];
  for (const one of zipped) entries.push(await entryOf(who, source, one, limits));
  return entries;
}

function entryOf(who: string, source: Source, zipped: Zipped, limits: AllLimits): Promise<Entry> | Entry {
  const isArray = zipped.name.endsWith(SUFFIX);
  if (isArray) {
    const name = zipped.name.slice(0, -SUFFIX.length);
    return npyEntry(`${who}: "${name}"`, name, unpacking(who, source, zipped, limits), limits);
  }
  const { name, size } = zipped;
  const refused = "it is no array of NumPy: its name does not end in .npy.";
  return {
    name,
    dtype: "bytes",
    shape: [size],
    bytes: size,
    refused,
    numbers: () => Promise.reject(new FormatError(refused)),
  };
}
