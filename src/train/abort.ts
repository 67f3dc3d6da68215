import { OptionError } from "../check/errors.js";
import { describe } from "../check/options.js";

/** An AbortSignal, as the types of every runtime have it: those of a page and of Node need not be there. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: "abort", listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** @throws OptionError unless `signal` is one, or undefined; its reason when it is aborted already */
export function checkSignal(who: string, signal: Signal | undefined): void {
  if (signal === undefined) return;
  const methods = ["throwIfAborted", "addEventListener", "removeEventListener"] as const;
  if (!methods.every((name) => typeof signal?.[name] === "function")) {
    throw new OptionError(
      `${who}: signal is ${describe(signal)}; needs an AbortSignal, the signal of an AbortController.`,
    );
  }
  signal.throwIfAborted();
}

/** What `promise` gives, or the signal's reason if it aborts before that. */
export function unlessAborted<T>(promise: Promise<T>, signal: Signal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    const forget = () => signal.removeEventListener("abort", abort);
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).then(forget);
    if (signal.aborted) abort();
  });
}
