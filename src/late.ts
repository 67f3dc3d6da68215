/** Parts of the package that few programs use: each is imported by the first call that needs it. */
import { UnsupportedError } from "./check/errors.js";
import { COMPLETE } from "./check/names.js";

/** A module that is imported when it is needed, or was provided because it cannot be. */
export class Late<T extends object> {
  /** What it does, in an error: "fit". */
  readonly #what: string;
  readonly #load: () => Promise<T>;
  #part: T | undefined;

  constructor(what: string, load: () => Promise<T>) {
    this.#what = what;
    this.#load = load;
  }

  /** The part, if it is there: whoever must not wait does without. */
  get loaded(): T | undefined {
    return this.#part;
  }

  /** Brings it in, for where it cannot be imported: see `wasmgrad/complete`. */
  provide(part: T): void {
    this.#part = part;
  }

  /**
   * The part; after an import that failed the next call tries again.
   *
   * @param who the call that needs it
   * @throws UnsupportedError where it cannot be imported
   */
  async load(who: string): Promise<T> {
    if (this.#part !== undefined) return this.#part;
    try {
      this.#part = await this.#load();
    } catch (cause) {
      throw new UnsupportedError(
        `${who}: needs the package's part "${this.#what}", and import() of it failed here. ${COMPLETE}.`,
        { cause },
      );
    }
    return this.#part;
  }
}

/** A call that cannot wait needs a part that is not there: whoever may wait loads it, and calls again. */
export class NotLoaded extends UnsupportedError {
  /** @param part what is missing */
  constructor(
    readonly part: Late<object>,
    message: string,
  ) {
    super(message);
  }
}

/** What `build` makes; with the parts that it turns out to need, where it takes some. */
export function withParts<T>(who: string, build: () => T | Promise<T>): T | Promise<T> {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof NotLoaded)) throw error;
    return error.part.load(who).then(() => withParts(who, build));
  }
}
