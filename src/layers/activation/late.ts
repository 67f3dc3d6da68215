import { Late } from "../../late.js";

/** For activations with rare names. */
export const rareActivations = new Late("rare activations", () => import("./rare.js"));
