import { Late } from "../late.js";

/** What `compile` loads of a model with a loss: with it there, `fit` need not wait for it. */
export const training = new Late("training", () => import("./training.js"));
