/** What only some trainings need, or an evaluation. */
import { Late } from "../late.js";

export { batches } from "./feed/late.js";
export { health } from "./health/late.js";

/** For `evaluate`, and for the validation of a training. */
export const evaluation = new Late("evaluation", () => import("./feed/validation.js"));
/** For `predict` in another form than flat numbers. */
export const answers = new Late("answers", () => import("../model/answers.js"));
/** For callbacks. */
export const callbacks = new Late("callbacks", () => import("./hooks.js"));
/** For `onSteps`. */
export const stepReports = new Late("stepReports", () => import("./stepReports.js"));
/** For `onDivergence: "rollBack"`. */
export const rollBack = new Late("rollBack", () => import("./rescue.js"));
/** For `validationSplit`. */
export const validationSplit = new Late("validationSplit", () => import("./feed/validationSplit.js"));
