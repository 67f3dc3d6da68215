/** How options are checked: the words that every refusal uses. */
import { describe, expect, it } from "vitest";
import { OptionError } from "../../src/check/errors.js";
import {
  checkInteger,
  checkKeys,
  checkNumber,
  checkType,
  choose,
  describe as shown,
} from "../../src/check/options.js";

const refusal = (check: () => unknown) => {
  expect(check).toThrow(OptionError);
  try {
    check();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};

describe("a misspelled name", () => {
  const known = { relu: 1, sigmoid: 2, tanh: 3 };
  const say = (name: string) => refusal(() => choose("dense", "activation", name, known));

  it.each([
    ["rleu", "relu"],
    ["RELU", "relu"],
    ["sigmiod", "sigmoid"],
    ["sigmoide", "sigmoid"],
    ["tan", "tanh"],
    ["tanhh", "tanh"],
  ])("%s is answered with %s", (name, nearest) => {
    expect(say(name)).toBe(`dense: there is no activation "${name}". Did you mean "${nearest}"?`);
  });

  it.each(["", "x", "swish", "toString", "__proto__", "constructor"])(
    "like none (%j) is answered with all",
    (name) => {
      expect(say(name)).toBe(`dense: there is no activation "${name}". Known: relu, sigmoid, tanh.`);
    },
  );

  it.each([
    [undefined, "undefined"],
    [null, "null"],
    [3, "3"],
    [Symbol("a"), "Symbol(a)"],
    [Object.create(null), "an object (null prototype)"],
    [[1, 2], "an array of 2"],
  ])("that is no text is answered with all: %o", (name, got) => {
    expect(say(name as string)).toBe(`dense: there is no activation ${got}. Known: relu, sigmoid, tanh.`);
  });

  it("that is right gives its entry", () => {
    expect(choose("dense", "activation", "tanh", known)).toBe(3);
  });

  it("of one letter is not taken for another of one letter", () => {
    expect(refusal(() => checkKeys("fit", { z: 1 }, ["x", "y"]))).toBe(
      'fit: there is no option "z". Known: x, y.',
    );
  });
});

describe("checks", () => {
  it("let through what is right", () => {
    checkKeys("fit", {}, []);
    checkKeys("fit", { x: undefined }, ["x"]);
    expect(checkInteger("fit", "epochs", 3, 1)).toBe(3);
    expect(checkNumber("sgd", "momentum", 0.5, "a share", (m) => m < 1)).toBe(0.5);
    checkType("fit", "shuffle", false, "boolean");
  });

  it.each([0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, "3", null, undefined, 3n])(
    "know that %s is no integer of at least 1",
    (value) => {
      expect(refusal(() => checkInteger("fit", "epochs", value as number, 1))).toBe(
        `fit: epochs is ${shown(value)}; needs an integer of at least 1.`,
      );
    },
  );

  it.each([2, Number.NaN, Number.NEGATIVE_INFINITY, "0.5", null, 1n])(
    "know that %s lies outside its domain",
    (value) => {
      const check = () => checkNumber("sgd", "momentum", value as number, "a number in [0, 1)", (m) => m < 1);
      expect(refusal(check)).toBe(`sgd: momentum is ${shown(value)}; needs a number in [0, 1).`);
    },
  );

  it("name the type that is needed", () => {
    expect(refusal(() => checkType("fit", "shuffle", 1, "boolean"))).toBe(
      "fit: shuffle is 1; needs true or false.",
    );
    expect(refusal(() => checkType("fit", "onStep", "f", "function"))).toBe(
      'fit: onStep is "f"; needs a function.',
    );
    expect(refusal(() => checkType("dense", "name", 5, "string"))).toBe("dense: name is 5; needs a string.");
  });

  it("show how options are given to who gives one without its name", () => {
    expect(refusal(() => checkKeys("adam", 0.01 as never, ["learningRate", "beta1"]))).toBe(
      "adam: options are 0.01; needs an object. Give options by name, as { learningRate: … }.",
    );
  });

  it.each([null, undefined, 5, "x", true, () => 1, [1]])(
    "know that %s is no object of options",
    (options) => {
      expect(refusal(() => checkKeys("fit", options as object, []))).toBe(
        `fit: options are ${shown(options)}; needs an object.`,
      );
    },
  );
});

describe("values in messages", () => {
  it.each<[unknown, string]>([
    ["a", '"a"'],
    [-0.5, "-0.5"],
    [Number.NaN, "NaN"],
    [7n, "7n, a BigInt"],
    [true, "true"],
    [null, "null"],
    [undefined, "undefined"],
    [() => 1, "a function"],
    [[1, 2, 3], "an array of 3"],
    [{}, "an object (Object)"],
    [new Map(), "an object (Map)"],
  ])("show %o as %s", (value, text) => {
    expect(shown(value)).toBe(text);
  });
});
