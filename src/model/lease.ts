import { BusyError } from "../check/errors.js";

/** The right to change a model while `fit` trains it: a value, to be shown, and to be passed on to whom `fit` lets. */
export interface Lease {
  /** Gives it back, so that everybody may change the model again. */
  end(): void;
}

interface Claim {
  /** Of whoever has one. */
  readonly lease?: Lease | undefined;
  /** What a callback does in place of what is refused. */
  readonly instead?: string;
}

/** Who may change a model: everybody while it rests, and while it is leased only whoever shows that lease. */
export class Access {
  #lease: Lease | undefined;
  #holder = "fit";

  get isLeased(): boolean {
    return this.#lease !== undefined;
  }

  /** @throws BusyError while there is a lease */
  lease(who: string): Lease {
    this.check(who);
    const lease: Lease = {
      end: () => {
        if (this.#lease === lease) this.#lease = undefined;
      },
    };
    this.#lease = lease;
    this.#holder = who;
    return lease;
  }

  /** @throws BusyError while there is a lease that is not the one shown */
  check(who: string, { lease, instead }: Claim = {}): void {
    if (this.#lease === undefined || this.#lease === lease) return;
    // Whoever awaits fit in a callback would wait for ever.
    const mend = instead === undefined ? "" : ` A callback has training.${instead}.`;
    const abort = this.#holder === "fit" ? ", or abort it with its signal" : "";
    throw new BusyError(`${who}: the model is in ${this.#holder}; await it${abort}.${mend}`);
  }
}
