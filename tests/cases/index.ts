/** The table of cases: one row for each op, which drives its comparison with f64, its gradient check and its bench. */
import type { ops } from "../../src/graph/primitives/index.ts";
import type { OpCase } from "./case.ts";
import { choices } from "./choice/choices.ts";
import { extremes } from "./choice/extremes.ts";
import { piecewise } from "./choice/piecewise.ts";
import { convolutions } from "./convolution/convolutions.ts";
import { pools } from "./convolution/pools.ts";
import { custom } from "./custom.ts";
import { affines } from "./elementwise/affine.ts";
import { elementwise } from "./elementwise/elementwise.ts";
import { fills } from "./elementwise/fill.ts";
import { losses } from "./loss/losses.ts";
import { products } from "./matmul/products.ts";
import { indexing } from "./move/indexing.ts";
import { moves } from "./move/moves.ts";
import { running } from "./move/running.ts";
import { sparse } from "./move/sparse.ts";
import { noises } from "./noise/noise.ts";
import { normalizations } from "./normalize/normalize.ts";
import { dropouts } from "./random/dropout.ts";
import { lines } from "./reduce/lines.ts";
import { reductions } from "./reduce/reductions.ts";
import { ctc } from "./sequence/ctc.ts";
import { leaves } from "./step/leaves.ts";
import { stopped } from "./stopGradient.ts";
import { activations } from "./transcendental/activations.ts";
import { ofSoftmax } from "./transcendental/ofSoftmax.ts";
import { transcendental } from "./transcendental/transcendental.ts";

/** An op without a row does not compile. */
export const cases: { readonly [Name in keyof typeof ops]: OpCase } = {
  ...activations,
  ...affines,
  ...choices,
  ...convolutions,
  ...ctc,
  ...custom,
  ...dropouts,
  ...elementwise,
  ...extremes,
  ...fills,
  ...indexing,
  ...leaves,
  ...lines,
  ...losses,
  ...moves,
  ...noises,
  ...normalizations,
  ...ofSoftmax,
  ...piecewise,
  ...pools,
  ...products,
  ...reductions,
  ...running,
  ...sparse,
  ...stopped,
  ...transcendental,
};

export const caseNames = Object.keys(cases).sort() as (keyof typeof ops)[];
