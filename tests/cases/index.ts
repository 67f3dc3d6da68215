/** The table of cases: one row for each op, which drives its comparison with f64, its gradient check and its bench. */
import type { ops } from "../../src/graph/primitives/index.ts";
import type { OpCase } from "./case.ts";
import { custom } from "./custom.ts";
import { choices } from "./elementwise/choices.ts";
import { elementwise } from "./elementwise/elementwise.ts";
import { products } from "./matmul/products.ts";
import { indexing } from "./move/indexing.ts";
import { moves } from "./move/moves.ts";
import { normalizations } from "./normalize/normalize.ts";
import { reductions } from "./reduce/reductions.ts";
import { rowwise } from "./reduce/rowwise.ts";
import { ctc } from "./sequence/ctc.ts";
import { leaves } from "./step/leaves.ts";
import { curves } from "./transcendental/curves.ts";
import { gates } from "./transcendental/gates.ts";

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
  ...normalizations,
  ...products,
  ...reductions,
  ...rowwise,
};

export const caseNames = Object.keys(cases).sort() as (keyof typeof ops)[];
