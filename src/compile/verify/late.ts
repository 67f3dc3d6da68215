import { Late } from "../../late.js";

/**
 * The check of the compiler's own work. No program needs it, so nothing loads it: it runs where it was provided, as in all
 * tests of this package, and by `wasmgrad/complete`.
 */
export const verification = new Late("verification", () => import("./verifyMethods.js"));
