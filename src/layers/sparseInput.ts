import { DataError } from "../check/errors.js";
import { integer } from "../check/kinds.js";
import { describe } from "../check/options.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { sparseSource } from "../graph/primitives/move/sparse.js";
import { ROWS } from "../graph/shape.js";
import { makeLayer, NAME, type NameOptions, type Node } from "./layer.js";

/** Pairs of a row that are planned for where rows pass through; longer rows take the room of several. */
const PAIRS = 64;

/** What SparseRows of wasmgrad/data know of themselves. */
interface Sparse {
  toTable?(who: string, columns: number): unknown;
}

/**
 * Where sparse rows enter: `sparseInput(20000)` takes `SparseRows` of 20,000 columns, as encoders of text make them, and is
 * otherwise as `input(20000)`. They take memory by their values that are not 0. A `dense` layer on it computes with these
 * alone, forward and for its gradient, to the bits that it has on dense rows; a gradient is summed in the order of the rows.
 * Other layers get dense rows, made for each step.
 *
 * @param features numbers in each row, zeros included
 * @throws OptionError for a size that is not a positive integer
 */
export function sparseInput(features: number, options: NameOptions = {}): Node {
  checkSurplus("sparseInput", arguments, 2);
  const settled = take("sparseInput", options, NAME);
  integer(1)("sparseInput", "features", features);
  const layer = makeLayer({
    kind: "sparseInput",
    given: [features],
    options: settled,
    arity: "many",
    layout: "input",
    entry: {
      value: (slot) => sparseSource({ slot, features }),
      // A row is at most as many pairs as there are features, and where it begins and ends.
      words: (rows) => Math.max(2 * Math.min(features, PAIRS) + 2, Math.ceil((2 * features + 4) / rows)),
      table: (who, data) => tableOf(who, data, features),
    },
    shape: () => [ROWS, features],
    parameters: () => [],
    build: ([x]) => x as NonNullable<typeof x>,
  });
  return { layer, inputs: [], shape: [ROWS, features], site: new Error() };
}

/** @throws DataError for what is no sparse rows */
function tableOf(who: string, data: unknown, features: number): unknown {
  const table = (data as Sparse | null | undefined)?.toTable?.(who, features);
  if (table !== undefined) return table;
  throw new DataError(
    `${who}: is ${describe(data)}; needs SparseRows of ${features} columns. ` +
      "Encoders of text make them, and toSparse of wasmgrad/data does of dense rows.",
  );
}
