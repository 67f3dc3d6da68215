/**
 * How deep the tests look: `npm test` tries a few of everything, `npm run test:deep` many of it. What a test counts by
 * `howMany` is the only difference between the two.
 */
const isDeep = process.env.WASMGRAD_DEEP === "1";

/** Trials, steps, layers …: how many of them, when the tests are to be quick and when they are to be deep. */
export const howMany = (quick: number, deep: number): number => (isDeep ? deep : quick);
