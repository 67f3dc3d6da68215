/** Where the constants of each module of the engine lie. */
export const modules: Readonly<
  Record<
    "core" | "transcendental" | "move" | "normalize" | "noise" | "optimizer" | "sequence" | "convolution",
    { readonly memoryBase: number }
  >
>;

/** Families that are modules of their own, by name. */
export const families: readonly string[];

/** What is built of the sources, the relaxed core among them. */
export const builds: readonly { readonly name: string }[];
