/** What only some trainings need. */
import { Late } from "../late.js";

/** For batches as an iterable gives them. */
export const batches = new Late("batches", () => import("./feed/batchFeed.js"));
/** For callbacks. */
export const callbacks = new Late("callbacks", () => import("./hooks.js"));
/** For whoever wants to know what is wrong, or what a step went through. */
export const health = new Late("health", () => import("./health/observer.js"));
/** For `onDivergence: "rollBack"`. */
export const rollBack = new Late("rollBack", () => import("./rescue.js"));
/** For `validationSplit`. */
export const validationSplit = new Late("validationSplit", () => import("./feed/validationSplit.js"));
