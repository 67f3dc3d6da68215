import { DataError, OptionError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { type Kind, take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { type Categories, type Category, toCategories } from "./cells.js";
import { type Encoder, type EncoderRule, isWidth, makeEncoder } from "./encoder.js";

export interface BooleanEncoderOptions {
  /** What stands for yes; default true, and then 1 does too. */
  readonly yes?: Category;
  /** What stands for no; default false, and then 0 does too. */
  readonly no?: Category;
}

const category =
  (fallback: boolean): Kind<Category, Category | undefined> =>
  (who, name, given = fallback) => {
    const isCategory = typeof given === "string" || typeof given === "boolean" || Number.isFinite(given);
    if (isCategory) return given;
    throw new OptionError(
      `${who}: ${name} is ${describe(given)}; needs a string, a finite number, true or false.`,
    );
  };

export function booleanEncoderRule(
  options: BooleanEncoderOptions,
): EncoderRule<Categories, Category, { readonly inputs: number }, Category[][]> {
  const settled = take("booleanEncoder", options, { yes: category(true), no: category(false) });
  const { yes, no } = settled;
  if (yes === no) {
    throw new OptionError(
      `booleanEncoder: yes and no are both ${describe(yes)}; needs two different values.`,
    );
  }
  const codes = new Map<Category, number>([
    ...(yes === true && no === false
      ? ([
          [1, 1],
          [0, 0],
        ] as const)
      : []),
    [yes, 1],
    [no, 0],
  ]);
  return {
    kind: "booleanEncoder",
    options: settled,
    read: toCategories,
    learn: (_, { columns }) => ({ inputs: columns }),
    sizes: ({ inputs }) => ({ inputs, columns: inputs }),
    encode(who, { cells, columns }, _, out) {
      for (let i = 0; i < out.length; i++) {
        const code = codes.get(cells[i] as Category);
        if (code !== undefined) out[i] = code;
        else {
          throw new DataError(
            `${who}: row ${Math.floor(i / columns)}, column ${i % columns} is ${describe(cells[i])}; ` +
              `needs ${describe(yes)} or ${describe(no)}. Other values are named by { yes, no }.`,
          );
        }
      }
    },
    decode: (_, { cells, rows, columns }) =>
      Array.from({ length: rows }, (_, row) =>
        Array.from({ length: columns }, (_, column) =>
          (cells[row * columns + column] as number) > 0.5 ? yes : no,
        ),
      ),
    names: (_, inputs) => [...inputs],
    fields: ["inputs"],
    holds: ({ inputs }) => isWidth(inputs),
  };
}

/**
 * Encodes columns of yes and no as 1 and 0: true and false, or what `yes` and `no` name, as "Y" and "N". `inverse` gives
 * rows of them back, yes above one half.
 *
 * @throws OptionError for one value that is to stand for both
 */
export function booleanEncoder(options: BooleanEncoderOptions = {}): Encoder<Categories, Category[][]> {
  checkSurplus("booleanEncoder", arguments, 1);
  return makeEncoder(booleanEncoderRule(options));
}
