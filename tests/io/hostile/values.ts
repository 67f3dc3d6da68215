/** What stands in files of those who mean harm. */

/** JSON of what is no size, and how errors call it. */
export const noSizes: readonly (readonly [json: string, shown: string])[] = [
  ["-1", "-1"],
  ["-9007199254740992", "-9007199254740992"],
  ["0.5", "0.5"],
  ["1.0000000001", "1.0000000001"],
  ["1e999", "Infinity"],
  ["-1e999", "-Infinity"],
  ["1e300", "1e+300"],
  ["9007199254740992", "9007199254740992"],
  ["9223372036854775808", "9223372036854776000"],
  ['"2"', '"2"'],
  ["null", "null"],
  ["true", "true"],
  ["[2]", "an array of 1"],
  ["{}", "an object (Object)"],
];

/** JSON of what is no list. */
export const noLists: readonly string[] = ['"2"', "{}", '{"length":1}', "null", "2", "true"];

/** Names that lead out of a folder, or nowhere. */
export const unsafeNames: readonly string[] = [
  "../a.npy",
  "/a.npy",
  "a/../b.npy",
  "..",
  "./a.npy",
  "a/..",
  "..\\a.npy",
  "C:\\a.npy",
  "c:a.npy",
  "//host/a.npy",
  "a\0.npy",
  "a\n.npy",
  "../../../../etc/passwd",
];

export interface Case {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What the error says of it, the field among it. */
  readonly says: string | RegExp;
}

export const latin1 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text, (letter) => letter.charCodeAt(0));
