import { Late } from "../late.js";

/** The host's end of a worker. */
export const remote = new Late("worker", () => import("./remote.js"));
