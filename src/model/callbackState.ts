import type { Weights } from "./weight.js";

/** What a callback goes on with in a `fit` that is resumed. */
export interface CallbackState {
  /** Whatever JSON holds, by name. */
  readonly values: { readonly [name: string]: unknown };
  /** Weights that it keeps, all of them, as `training.weights()` gives them. */
  readonly weights?: Weights;
}

/** That of one of the callbacks, by its name. */
export interface SavedCallback extends CallbackState {
  readonly name: string;
}
