/** The table of cases: one row for each op, which drives its comparison with f64, its gradient check and its bench. */
import type { ops } from "../../src/ops/index.ts";
import type { OpCase } from "./case.ts";
import { choices } from "./choices.ts";
import { ctc } from "./ctc.ts";
import { curves } from "./curves.ts";
import { custom } from "./custom.ts";
import { elementwise } from "./elementwise.ts";
import { gates } from "./gates.ts";
import { indexing } from "./indexing.ts";
import { leaves } from "./leaves.ts";
import { moves } from "./moves.ts";
import { normalisations } from "./normalisation.ts";
import { products } from "./products.ts";
import { reductions } from "./reductions.ts";
import { rowwise } from "./rowwise.ts";

/** An op without a row does not compile. */
export const cases: { readonly [Name in keyof typeof ops]: OpCase } = {
  ...choices,
  ...ctc,
  ...curves,
  ...custom,
  ...elementwise,
  ...gates,
  ...indexing,
  ...leaves,
  ...moves,
  ...normalisations,
  ...products,
  ...reductions,
  ...rowwise,
};

export const caseNames = Object.keys(cases).sort() as (keyof typeof ops)[];
