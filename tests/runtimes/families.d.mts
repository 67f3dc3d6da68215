export const FAMILIES_HASH: string;
export const FAMILIES: readonly string[];
export function familiesHash(library: object, options?: object): Promise<string>;
