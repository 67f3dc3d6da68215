import { Late } from "../../late.js";

/** For looking into a step, and for loops of one's own. */
export const inside = new Late("inside", () => import("./inside.js"));
