/** Findings that nobody else can have seen are warned of on the console, each kind once for a model. */
import { mayShow } from "../../callbacks/own.js";
import type { ModelState } from "../../model/state.js";
import type { Finding } from "./finding.js";

export interface Listeners {
  readonly health?: boolean | ((finding: Finding) => unknown) | undefined;
  readonly callbacks?: readonly { readonly name?: string; readonly onEpochEnd?: unknown }[] | undefined;
  readonly onEpoch?: unknown;
  readonly onWarning?: false | ((text: string) => unknown) | undefined;
}

interface Console {
  readonly console?: { warn(text: string): void };
}

/** Who is told of each finding at once: whoever asked for it, or where nobody looks, the console. */
export function listenerOf(
  state: ModelState,
  { health, callbacks = [], onEpoch, onWarning }: Listeners,
): ((finding: Finding) => unknown) | undefined {
  if (typeof health === "function") return health;
  const isSeen = callbacks.some(({ name, onEpochEnd }) => onEpochEnd !== undefined && mayShow(name));
  if (isSeen || onEpoch !== undefined || onWarning === false) return undefined;
  return ({ kind, message, mend }) => {
    if (state.warned.has(kind)) return undefined;
    state.warned.add(kind);
    const text = `wasmgrad: fit: ${message}. ${mend}`;
    return onWarning === undefined ? (globalThis as Console).console?.warn(text) : onWarning(text);
  };
}
