/** What checkpoints are called in a store: `checkpoint-00000012.safetensors`, `checkpoint-00000013.best.safetensors`. */

/** A checkpoint in a store, by its name. */
export interface Named {
  /** Its name there. */
  readonly file: string;
  /** They are numbered in the order in which they were stored, whatever their steps. */
  readonly number: number;
  /** Whether it was the best so far when it was stored. */
  readonly isBest: boolean;
}

const ENDING = ".safetensors";
const DIGITS = 8;

export const named = (name: string, number: number, isBest: boolean): Named => ({
  file: `${name}-${String(number).padStart(DIGITS, "0")}${isBest ? ".best" : ""}${ENDING}`,
  number,
  isBest,
});

/** Those of a name among all files of a store, the oldest first. */
export function namedIn(name: string, files: readonly string[]): Named[] {
  const found = files.flatMap((file) => {
    const number = Number(/-(\d{8,15})(\.best)?\.safetensors$/.exec(file)?.[1]);
    const both = [false, true].map((isBest) => named(name, number, isBest));
    return both.filter((one) => one.file === file);
  });
  return found.sort((a, b) => a.number - b.number);
}
