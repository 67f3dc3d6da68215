import { fold, total } from "../reduce/reduce.js";

/** Relative to the greatest, so that no exponential overflows; that of nothing, or of −Infinity only, is −Infinity. */
export const logSumExp = fold((values) => {
  const most = values.reduce((greatest, value) => Math.max(greatest, value), -Infinity);
  if (most === -Infinity) return most;
  return most + Math.log(total(values.map((value) => Math.exp(value - most))));
});
