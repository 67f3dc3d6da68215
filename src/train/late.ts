/** What `compile` loads of a model with a loss: with it there, `fit` and `evaluate` need not wait for it. */
import { Late } from "../late.js";

export const training = new Late("training", () => import("./training.js"));
