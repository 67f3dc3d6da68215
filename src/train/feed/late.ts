import { Late } from "../../late.js";

/** For batches as an iterable gives them, which trainings and evaluations take alike. */
export const batches = new Late("batches", () => import("./batchFeed.js"));
