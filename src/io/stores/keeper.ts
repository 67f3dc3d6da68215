/** What a training keeps in a store: checkpoints one after the other, of which the last ones stay, and the best. */
import { type Named, named, namedIn } from "./names.js";
import type { Store } from "./store.js";

export class Keeper {
  readonly #store: Store;
  readonly #name: string;
  readonly #keep: number;
  /** The oldest first. */
  #files: readonly Named[];
  #next: number;

  private constructor(store: Store, name: string, keep: number, files: readonly Named[]) {
    this.#store = store;
    this.#name = name;
    this.#keep = keep;
    this.#files = files;
    this.#next = (files.at(-1)?.number ?? 0) + 1;
  }

  /** Looks at what is there: numbers go on from it. */
  static async open(store: Store, name: string, keep: number): Promise<Keeper> {
    return new Keeper(store, name, keep, namedIn(name, await store.list()));
  }

  /** Stores one, and removes those that need no longer stay: not before the new one is there. */
  async put(bytes: Uint8Array<ArrayBuffer>, isBest: boolean): Promise<string> {
    // A number that failed is not used again: something of it may be there.
    const one = named(this.#name, this.#next++, isBest);
    await this.#store.write(one.file, bytes);
    this.#files = [...this.#files, one];
    const stay = new Set(this.#files.slice(-this.#keep));
    const best = this.#files.findLast((file) => file.isBest);
    if (best !== undefined) stay.add(best);
    for (const old of this.#files.filter((file) => !stay.has(file))) {
      // What cannot be removed takes room, and no more: it is tried again with the next.
      const isGone = await this.#store.delete(old.file).then(
        () => true,
        () => false,
      );
      if (isGone) this.#files = this.#files.filter((file) => file !== old);
    }
    return one.file;
  }
}
