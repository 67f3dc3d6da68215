import { kept } from "./kept.js";
import type { Pass } from "./stages.js";

/** What was fetched ahead: an element, the end, or an error that waits for its turn. */
type Fetched<T> = IteratorResult<T, unknown> | { readonly error: unknown };

/** A place to wait until someone calls. */
class Bell {
  #ring: (() => void) | undefined;

  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#ring = resolve;
    });
  }

  ring(): void {
    this.#ring?.();
    this.#ring = undefined;
  }
}

/**
 * Fetches up to `size` elements ahead, one after the other, while whoever takes them is at work. What is being fetched
 * when it is stopped is waited for and dropped.
 */
export async function* prefetched<T>(iterator: AsyncIterator<T>, size: number): Pass<T> {
  const ready: Fetched<T>[] = [];
  const fetched = new Bell();
  const wanted = new Bell();
  let isClosed = false;
  let hasEnded = false;
  const fetchAhead = async () => {
    while (!isClosed && !hasEnded) {
      if (ready.length >= size) {
        await wanted.wait();
        continue;
      }
      const next = await iterator.next().catch((error: unknown) => ({ error }));
      hasEnded = "error" in next || next.done === true;
      ready.push("error" in next || next.done ? next : { ...next, value: kept(next.value) });
      fetched.ring();
    }
  };
  const fetching = fetchAhead();
  try {
    for (;;) {
      if (ready.length === 0) await fetched.wait();
      const next = ready.shift() as Fetched<T>;
      wanted.ring();
      if ("error" in next) throw next.error;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    isClosed = true;
    wanted.ring();
    await fetching;
    if (!hasEnded) await iterator.return?.();
  }
}
