import type { Observer } from "./observer.js";

/** Looks at nothing. */
export const unobserved: Observer = {
  stepsUntilNext: () => Number.POSITIVE_INFINITY,
  take: () => undefined,
  note: () => undefined,
  hasNews: false,
  tell: async () => undefined,
  takeBack: () => undefined,
  finish: (report) => report,
};
