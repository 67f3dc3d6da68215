import type { ExampleTables } from "../../rows/examples.js";
import type { FitPlan } from "../progress.js";

/** What is known of a training before its first step. */
export interface Outlook {
  /** Arrays, which are all there beforehand. */
  readonly examples: ExampleTables | undefined;
  readonly validation:
    | {
        readonly examples?: ExampleTables;
        bringsClasses?(trained: ExampleTables): boolean;
      }
    | undefined;
  readonly plan: FitPlan;
}
