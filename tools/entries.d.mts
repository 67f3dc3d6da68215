interface Entry {
  /** Path in the repository. */
  readonly source: string;
  /** Whether it is built once for each condition too. */
  readonly loadsEngine?: boolean;
  /** Whether importing it is all that it is for; it is built once for each condition too. */
  readonly isForEffect?: boolean;
  /** Whether it is a script by itself, without exports. */
  readonly isScript?: boolean;
}

/** The public subpaths by the names of their files in dist/. */
export const entries: Readonly<Record<string, Entry>>;
export const copying: Readonly<Record<string, string>>;
export function isCopied(path: string, file: string): boolean;

/** The loader of the engine under each condition of the manifest's exports. */
export const conditions: Readonly<Record<string, string>>;
