/** What stands in the package.json of the folder of each subpath, for resolvers that do not read `exports`. */
export const stubs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Makes the folders in what is packed. */
export function makeStubs(folder: string): void;
