/** What a pattern of `freeze` and of an optimizer's groups means, and that no pattern takes longer than it is. */
import { describe, expect, it } from "vitest";
import { OptionError } from "../../src/check/errors.js";
import { choose, describe as shown } from "../../src/check/options.js";
import { matching } from "../../src/check/patterns.js";
import { adam, compile, dense, input, sequential } from "../../src/index.js";
import { howMany } from "../given/depth.js";
import { errorOf } from "../given/errorOf.js";
import { numbers } from "../given/models.js";

const named = (names: readonly string[]) => names.map((name) => ({ name }));
const found = (pattern: string, names: readonly string[]) => {
  const parameters = [...named(names), { name: pattern }];
  return matching("freeze", pattern, parameters)
    .map(({ name }) => name)
    .slice(0, -1);
};

const NAMES = ["encoder/dense/kernel", "encoder/dense/bias", "dense/kernel", "dense_2/kernel", "out/bias"];

describe("a pattern", () => {
  it.each<[string, number[]]>([
    ["dense", [2]],
    ["encoder", [0, 1]],
    ["encoder/dense", [0, 1]],
    ["encoder/dense/bias", [1]],
    ["*/bias", [1, 4]],
    ["dense*", [2, 3]],
    ["*dense", [0, 1, 2]],
    ["*/dense/*", [0, 1]],
    ["*e*e*", [0, 1, 2, 3]],
    ["**", [0, 1, 2, 3, 4]],
    ["e*r", [0, 1]],
    ["dense.", []],
    ["den", []],
    ["(dense)+", []],
  ])("%s means %j", (pattern, which) => {
    expect(found(pattern, NAMES)).toEqual(which.map((i) => NAMES[i]));
  });

  it("means what the regular expression of it does", () => {
    const letters = "ab/*";
    const text = (draws: number[]) => draws.map((x) => letters[Math.floor((x + 1) * 2)] as string).join("");
    for (let seed = 1; seed <= howMany(300, 20_000); seed++) {
      const draws = numbers(24, seed);
      const pattern = text(draws.slice(0, 1 + (seed % 7)));
      const names = [0, 1, 2].map((i) =>
        text(draws.slice(7 + 5 * i, 9 + 5 * i + (seed % 4))).replaceAll("*", "b"),
      );
      const expression = new RegExp(`^${pattern.replaceAll("*", ".*")}(/.*)?$`);
      expect(found(pattern, names), `${pattern} of ${names}`).toEqual(
        names.filter((name) => expression.test(name)),
      );
    }
  });

  // As a regular expression the first of these takes longer than the universe is old.
  it.each([
    ["many stars that nearly match", `${"*a".repeat(200)}*b`, "a".repeat(2_000)],
    ["a million stars", `${"*".repeat(1e6)}b`, "a".repeat(2_000)],
    ["a million letters", "a".repeat(1e6), "a".repeat(2_000)],
    ["a name of a million letters", `${"*a".repeat(50)}*b`, "a".repeat(1e6)],
    ["a name of a million layers", `${"*/".repeat(50)}*b`, "a/".repeat(1e5)],
  ])("of %s is refused at once", (_, pattern, name) => {
    const error = errorOf(() => matching("freeze", pattern, named([name])));
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message.length).toBeLessThan(10_000);
  });

  it("of many stars is refused at once by freeze and by the groups of an optimizer", async () => {
    const pattern = `${"*e".repeat(5_000)}*Q`;
    const network = sequential(input(2), dense(2, { name: "e".repeat(3_000) }));
    const model = await compile(network, { loss: "meanSquaredError" });
    expect(() => model.freeze(pattern)).toThrow(OptionError);
    const optimizer = adam({ groups: { [pattern]: { learningRateScale: 0.5 } } });
    await expect(compile(network, { loss: "meanSquaredError", optimizer })).rejects.toThrow(OptionError);
  });
});

describe("a name of a million letters", () => {
  const long = "adam".repeat(250_000);

  it("is no misspelled one: the choice is told, and the name is cut short", () => {
    const error = errorOf(() => choose("compile", "optimizer", long, { adam: 1, sgd: 2 }));
    expect(error.message).toBe(`compile: there is no optimizer ${shown(long)}. Known: adam, sgd.`);
    expect(shown(long)).toHaveLength(83);
  });

  it("is shown cut short where it is what there is", () => {
    const error = errorOf(() => choose("freeze", "layer", "adm", { [long]: 1 }));
    expect(error.message).toBe(`freeze: there is no layer "adm". Known: ${long.slice(0, 80)}….`);
  });

  it("is cut short as the name of an option", () => {
    const error = errorOf(() => adam({ [long]: 1 } as never));
    expect(error.message.length).toBeLessThan(400);
  });
});

describe("a choice of a thousand names", () => {
  it("is told by its first sixty, and the nearest is found among all", () => {
    const table = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`name${i}`, i]));
    expect(errorOf(() => choose("who", "what", "q", table)).message).toMatch(/name59, …\.$/);
    expect(errorOf(() => choose("who", "what", "nmae999", table)).message).toContain(
      'Did you mean "name999"?',
    );
  });
});

describe("what an error shows", () => {
  const revoked = Proxy.revocable([], {});
  revoked.revoke();
  it.each<[string, unknown, string]>([
    ["a proxy that is revoked", revoked.proxy, "an object"],
    ["a constructor that is no class", { constructor: { name: Symbol("no") } }, "an object"],
    ["a symbol", Symbol("x".repeat(1000)), `Symbol(${"x".repeat(73)}…`],
    ["a BigInt that takes a minute to print", 2n ** 1_000_000n, "a BigInt"],
  ])("of %s throws nothing and is short", (_, value, text) => {
    expect(shown(value)).toBe(text);
  });
});
