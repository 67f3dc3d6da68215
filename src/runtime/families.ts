/** Families of the engine that are modules of their own, by name. */
export const FAMILY_NAMES = [
  "transcendental",
  "move",
  "normalize",
  "noise",
  "optimizer",
  "sequence",
  "choice",
  "convolution",
] as const;

export type FamilyName = (typeof FAMILY_NAMES)[number];
