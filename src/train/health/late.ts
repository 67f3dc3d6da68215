import { Late } from "../../late.js";

/** For a training that does not look sound, or whose reports have what steps go through. */
export const health = new Late("health", () => import("./diagnosis.js"));
