import { Late, NotLoaded } from "../late.js";

/** For outputs that are neither what a dense layer makes, nor a softmax or sigmoid of it. */
export const outputKinds = new Late("outputs", () => import("./outputKinds.js"));

/** The part, in the midst of building a graph. @throws NotLoaded */
export function loadedKinds(who: string) {
  const part = outputKinds.loaded;
  if (part !== undefined) return part;
  throw new NotLoaded(
    outputKinds,
    `${who}: what its output is must be looked into, and the part that does is not loaded. Import wasmgrad/complete.`,
  );
}
