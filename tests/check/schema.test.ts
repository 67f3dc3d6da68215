/** Schemas of options: what `take` settles, refuses, and lets compile. */
import { describe, expect, it } from "vitest";
import { OptionError } from "../../src/check/errors.js";
import {
  finite,
  flag,
  integer,
  later,
  oneOf,
  optional,
  positive,
  share,
  text,
} from "../../src/check/kinds.js";
import { take } from "../../src/check/schema.js";

interface Options {
  readonly rate?: number;
  readonly steps: number;
  readonly mode?: "fast" | "exact";
  readonly name?: string;
  readonly isOn?: boolean;
}

const settle = (given: Options) =>
  take("maker", given, {
    rate: share(0.5),
    steps: integer(1),
    mode: oneOf({ fast: 0, exact: 0 }, "exact"),
    name: optional(text()),
    isOn: flag(false),
  });

const wrong = (given: unknown) => given as Options;

describe("options", () => {
  it("are settled with every default, and without what was left out", () => {
    expect(settle({ steps: 3 })).toStrictEqual({ rate: 0.5, steps: 3, mode: "exact", isOn: false });
  });

  it("are settled with what is given, undefined being what is left out", () => {
    const given = { steps: 3, rate: 0, mode: "fast", name: "a", isOn: undefined } as unknown as Options;
    expect(settle(given)).toStrictEqual({ rate: 0, steps: 3, mode: "fast", name: "a", isOn: false });
  });

  it("stay what they are when they are settled again", () => {
    const settled = settle({ steps: 3, name: "a" }) as Options;
    expect(settle(JSON.parse(JSON.stringify(settled)))).toStrictEqual(settled);
  });

  it("that are not taken are left alone", () => {
    const given = { steps: 3 };
    settle(given);
    expect(given).toStrictEqual({ steps: 3 });
  });
});

describe("refused are", () => {
  it.each<[string, unknown, string]>([
    ["what is left out and has no default", {}, "maker: steps is undefined; needs an integer of at least 1."],
    ["a number outside its domain", { steps: 1, rate: 1 }, "maker: rate is 1; needs a number in [0, 1)."],
    [
      "a number that f32 rounds out of it",
      { steps: 1, rate: 0.99999999 },
      "maker: rate is 0.99999999, in f32 1; needs a number in [0, 1).",
    ],
    [
      "null, which is not left out",
      { steps: 1, rate: null },
      "maker: rate is null; needs a number in [0, 1).",
    ],
    ["another name", { steps: 1, mode: "fats" }, 'maker: there is no mode "fats". Did you mean "fast"?'],
    ["another type", { steps: 1, isOn: 1 }, "maker: isOn is 1; needs true or false."],
    ["a misspelled option", { step: 1 }, 'maker: there is no option "step". Did you mean "steps"?'],
    ["what is no object", 3, "maker: options are 3; needs an object. Give options by name, as { rate: … }."],
    [
      "a node",
      { layer: 1, inputs: [], shape: [] },
      "maker: options are a node. Call the layer that it makes: maker()(…).",
    ],
  ])("%s", (_, given, message) => {
    expect(() => settle(wrong(given))).toThrow(new OptionError(message));
  });

  it("options that are known from elsewhere, with what to do instead", () => {
    const taken = () => take("fit", { verbose: 1 } as object, {}, { verbose: "Give callbacks." });
    expect(taken).toThrow('fit: there is no option "verbose". Give callbacks.');
  });
});

describe("a schema does not compile", () => {
  it("that has not the names and types of the options", () => {
    const given = {} as { readonly rate?: number; readonly steps: number };
    const schemas = () => {
      // @ts-expect-error: a name is missing
      take("maker", given, { rate: finite(0) });
      // @ts-expect-error: a name is too many
      take("maker", given, { rate: finite(0), steps: positive(), more: flag(false) });
      // @ts-expect-error: an option that may be left out has no default
      take("maker", given, { rate: finite(), steps: positive() });
      // @ts-expect-error: a kind of another type
      take("maker", given, { rate: flag(false), steps: positive() });
      const { rate, steps } = take("maker", given, { rate: later(0), steps: positive() });
      return rate + steps;
    };
    expect(schemas).toBeTypeOf("function");
  });
});
