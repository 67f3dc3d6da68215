import { fold } from "../reduce/reduce.js";

export const max = fold((values) => values.reduce((most, value) => Math.max(most, value), -Infinity));
export const min = fold((values) => values.reduce((least, value) => Math.min(least, value), Infinity));
