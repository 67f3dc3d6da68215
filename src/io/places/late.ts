import { Late } from "../../late.js";

/** For files, addresses, and whatever else is not bytes yet. */
export const places = new Late("places", () => import("./places.js"));
