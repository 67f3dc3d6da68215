import { Late } from "../../late.js";

/** For `profile`. */
export const profiling = new Late("profile", () => import("./profile.js"));
