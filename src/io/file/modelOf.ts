import { OptionError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { Model } from "../../model/model.js";
import type { ModelState } from "../../model/state.js";

/** What a model is made of. @throws OptionError for what is none */
export function modelOf(who: string, given: unknown): ModelState {
  if (given instanceof Model) return given.state;
  throw new OptionError(`${who}: got ${describe(given)}; needs a model, as compile makes.`);
}
