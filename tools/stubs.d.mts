/** What stands in the package.json of the folder of each subpath, for resolvers that do not read `exports`. */
export const stubs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Makes the folders at the root of the repository. */
export function makeStubs(): void;

export function removeStubs(): void;
