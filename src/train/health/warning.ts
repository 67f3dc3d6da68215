/** Findings that nobody else can have seen are warned of on the console, each once for a model. */
import type { Callback } from "../../callbacks/callback.js";
import { mayShow } from "../../callbacks/own.js";
import type { ModelState } from "../../model/state.js";
import type { Finding } from "./finding.js";

export interface Listeners {
  readonly health?: boolean | ((finding: Finding) => unknown) | undefined;
  readonly callbacks?: readonly Callback[] | undefined;
  readonly onEpoch?: unknown;
  readonly onWarning?: false | ((text: string) => unknown) | undefined;
}

/** What models were warned of. */
const warned = new WeakMap<ModelState, Set<string>>();

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
  return ({ kind, layer, message, mend }) => {
    const key = `${kind} ${layer}`;
    const known = warned.get(state) ?? new Set();
    warned.set(state, known);
    if (known.has(key)) return undefined;
    known.add(key);
    const text = `wasmgrad: fit: ${message}. ${mend}`;
    return onWarning === undefined ? (globalThis as Console).console?.warn(text) : onWarning(text);
  };
}
