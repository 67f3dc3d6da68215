import { Late } from "../late.js";

/** For `checkpoint({ store })`. */
export const keeping = new Late("keeping", () => import("../io/stores/keeper.js"));
