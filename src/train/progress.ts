import { type Staged, startPass } from "../runtime/machine.js";

/** What two calls of `fit` must have in common for the second to go on where the first stopped. */
export interface FitPlan {
  readonly batchSize: number;
  readonly accumulate: number;
  readonly shuffle: boolean;
  /** Rows of the data; 0 for a stream, which does not say. */
  readonly rows: number;
}

/** A progress as a snapshot keeps it. */
export interface SavedProgress {
  readonly plan: FitPlan;
  readonly epochs: number;
  readonly rows: number;
  readonly steps: number;
  readonly rowsSeen: number;
  /** None between two epochs. */
  readonly sums: readonly number[];
}

/** How far training had come when the weights were known last: what belongs to them in a snapshot. */
export interface Standing {
  readonly step: number;
  readonly epochs: number;
  readonly progress: SavedProgress | undefined;
}

/** How far a `fit` has come. The sums of the epoch under way are those of its pass, and nowhere else. */
export class Progress {
  plan: FitPlan;
  /** Epochs that it has finished. */
  epochs = 0;
  /** Rows of the epoch after these that were trained on, and in how many steps. */
  rows = 0;
  steps = 0;
  /** The pass over that epoch's rows, which the machine moves on. */
  readonly pass = startPass();

  constructor(plan: FitPlan) {
    this.plan = plan;
  }

  /** Moves on by what a run did to the pass. Where several epochs are staged, the one that it ended in counts. */
  advance({ epochRows }: Staged, run: { readonly rows: number; readonly steps: number; batchRows: number }) {
    if (epochRows === 0) {
      this.rows += run.rows;
      this.steps += run.steps;
    } else {
      this.rows = this.pass.cursor % epochRows;
      this.steps = Math.ceil(this.rows / run.batchRows);
    }
    // As where epochs are trained one by one: a snapshot must not tell which it was.
    if (this.rows === 0) this.pass.sums.fill(0);
  }

  /** Begins the next epoch. */
  beginEpoch(): void {
    this.rows = 0;
    this.steps = 0;
    this.pass.rowsSeen = 0;
    this.pass.sums.fill(0);
  }

  save(): SavedProgress {
    const { plan, epochs, rows, steps, pass } = this;
    const sums = rows === 0 ? [] : Array.from(pass.sums);
    return { plan, epochs, rows, steps, rowsSeen: pass.rowsSeen, sums };
  }

  /** Goes to where it once was: whoever holds it goes on from there. */
  moveTo({ plan, epochs, rows, steps, rowsSeen, sums }: SavedProgress): void {
    Object.assign(this, { plan, epochs, rows, steps });
    this.pass.rowsSeen = rowsSeen;
    this.pass.sums.fill(0);
    this.pass.sums.set(sums);
  }
}
