import { COMPLETE } from "../check/names.js";
import { Late, NotLoaded } from "../late.js";

/** For outputs that are neither what a dense layer makes, nor a softmax or sigmoid of it. */
export const outputKinds = new Late("outputs", () => import("./outputKinds.js"));

/** For cross-entropies with weights of classes, or smoothed labels. */
export const weightedLosses = new Late("weighted losses", () => import("./weighted.js"));

/** The part, in the midst of building a graph. @throws NotLoaded */
function loaded<T extends object>(who: string, part: Late<T>): T {
  if (part.loaded !== undefined) return part.loaded;
  throw new NotLoaded(part, `${who}: needs a part of the package that is not loaded. ${COMPLETE}.`);
}

export const loadedKinds = (who: string) => loaded(who, outputKinds);
export const loadedWeighted = (who: string) => loaded(who, weightedLosses);
