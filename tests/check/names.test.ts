import { describe, expect, it } from "vitest";
import { OptionError, UnsupportedError } from "../../src/check/errors.js";
import { chooseNamed, importRare, isRare, type Names } from "../../src/check/names.js";

const known: Names<"near" | "far", number> = { near: 1, far: null };
const choose = (name: string, rare = {}) => chooseNamed<number>("compile", "place", name, known, rare);

describe("a name", () => {
  it("stands for what its table has, or what was imported", () => {
    expect(choose("near")).toBe(1);
    expect(choose("far", { far: 2 })).toBe(2);
  });

  it.each([
    ["fa", 'compile: there is no place "fa". Did you mean "far"?'],
    ["somewhere", 'compile: there is no place "somewhere". Known: near, far.'],
    ["toString", 'compile: there is no place "toString". Known: near, far.'],
  ])(
    "that there is none of, as %s, is refused with those that there are, rare ones among them",
    (name, told) => {
      expect(() => choose(name)).toThrow(new OptionError(told));
    },
  );

  it.each<[unknown, boolean]>([
    ["far", true],
    ["near", false],
    ["somewhere", false],
    ["toString", false],
    [undefined, false],
    [{ far: null }, false],
  ])("that is rare is one that stands for nothing by itself: %o", (name, is) => {
    expect(isRare(name, known)).toBe(is);
  });
});

describe("what rare names stand for", () => {
  it("is imported only when one of them is named", async () => {
    const load = () => Promise.reject(new Error("nobody asked"));
    expect(await importRare("place", undefined, "", load)).toEqual({});
    expect(await importRare("place", "far", "", async () => ({ RARE: { far: 2 } }))).toEqual({ far: 2 });
  });

  it("is asked for as it is where it cannot be imported", async () => {
    const cause = new TypeError("import() is disallowed on ServiceWorkerGlobalScope");
    const importing = importRare("place", "far", "it as far().", () => Promise.reject(cause));
    const error = await importing.catch((thrown: unknown) => thrown as Error);
    expect(error).toBeInstanceOf(UnsupportedError);
    expect(error).toMatchObject({
      message:
        'compile: the place "far" is imported when it is named, and import() of it failed here. Write ' +
        '`import "wasmgrad/complete";` beside your import of wasmgrad, or give it as far().',
      cause,
    });
  });
});
