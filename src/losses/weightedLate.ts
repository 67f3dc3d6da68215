import { Late } from "../late.js";
import { loaded } from "./late.js";

/** For cross-entropies with weights of classes, or smoothed labels. */
export const weightedLosses = new Late("weighted losses", () => import("./weighted.js"));

/** The part, in the midst of building a graph. @throws NotLoaded */
export const loadedWeighted = (who: string) => loaded(who, weightedLosses);
