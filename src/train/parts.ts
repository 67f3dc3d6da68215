/** What only some trainings need, or an evaluation. */
import { Late } from "../late.js";

export { batches } from "./feed/late.js";

/** For `evaluate`, and for the validation of a training. */
export const evaluation = new Late("evaluation", () => import("./feed/validation.js"));
/** For callbacks. */
export const callbacks = new Late("callbacks", () => import("./hooks.js"));
/** For a training that does not look sound, or whose reports have what steps go through. */
export const health = new Late("health", () => import("./health/diagnosis.js"));
/** For `onDivergence: "rollBack"`. */
export const rollBack = new Late("rollBack", () => import("./rescue.js"));
/** For `validationSplit`. */
export const validationSplit = new Late("validationSplit", () => import("./feed/validationSplit.js"));
