import { map } from "../definition.js";

export const exp = map(Math.exp);
export const log = map(Math.log);
