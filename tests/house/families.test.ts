/** A family is one room on every floor: who adds a primitive to it works there, and writes a line in each index. */
import { join, posix } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FIRST_MODULE } from "../../assembly/isa/op.ts";
import type { AnyKind, Family } from "../../src/compile/facts/fact.ts";
import { ops } from "../../src/graph/primitives/index.ts";
import type { Emit } from "../../src/graph/value.ts";
import { trials } from "../cases/case.ts";
import { caseNames, cases } from "../cases/index.ts";
import { prepare } from "../cases/prepare.ts";
import { filesBelow, importsOf, parse, root } from "./sources.js";

const primitives = "src/graph/primitives";
const floors = [primitives, "src/graph/reference", "tests/cases"];

/** The room of a file, or "" where it stands beside the rooms. */
const roomOf = (floor: string, path: string) => posix.relative(floor, posix.dirname(path));

const isTable = (one: object) => Object.values(one).every((row) => Object.hasOwn(row ?? {}, "applications"));

/** The names of the primitives that a file defines, gives the meaning of, or has cases of. */
async function primitivesOf(path: string): Promise<string[]> {
  const exported = (await import(join(root, path))) as Record<string, object>;
  const tables = path.startsWith("tests/") ? Object.values(exported).filter(isTable) : [exported];
  return tables.flatMap((table) => Object.keys(table)).filter((name) => Object.hasOwn(ops, name));
}

/** By primitive the room of its file; an index names all, and has no room. */
async function roomsOn(floor: string): Promise<Map<string, string>> {
  const files = filesBelow(floor, [".ts"]).filter((path) => path !== `${floor}/index.ts`);
  const found = files.map(async (path) =>
    (await primitivesOf(path)).map((name) => [name, roomOf(floor, path)] as const),
  );
  return new Map((await Promise.all(found)).flat());
}

const rooms = await roomsOn(primitives);

describe("a primitive", () => {
  it.each(floors)("is in the room of its family in %s", async (floor) => {
    const found = await roomsOn(floor);
    const misplaced = caseNames.filter((name) => found.get(name) !== rooms.get(name));
    expect(misplaced.map((name) => `${name}: ${found.get(name)}; needs ${rooms.get(name)}`)).toEqual([]);
  });

  it.each(caseNames)(
    "%s becomes instructions of its family, and of no other module of the engine",
    (name) => {
      const [trial] = fc.sample(trials(cases[name].applications), { numRuns: 1, seed: 1 });
      const { y } = prepare(trial!);
      const families = new Set<Family>();
      const emit: Emit = (kind) => families.add((kind as unknown as AnyKind).family);
      // A case may wrap its op in others, as that of a user's rule does.
      if (y.op === (ops[name] as unknown)) y.op.lower(emit, y.inputs, y, y.attributes);
      const others = [...families].filter((family) => family.name !== rooms.get(name));
      expect(others.filter(({ number }) => number >= FIRST_MODULE)).toEqual([]);
      if (families.size > 0) expect(others.length).toBeLessThan(families.size);
    },
  );
});

describe("a room", () => {
  it("of cases is imported by the index, and by no other room", () => {
    const floor = "tests/cases";
    const strangers = filesBelow(floor, [".ts"]).flatMap((path) =>
      importsOf(parse(path))
        .map(({ target }) => target)
        .filter((target) => target.startsWith(`${floor}/`) && roomOf(floor, target) !== "")
        .filter((target) => roomOf(floor, target) !== roomOf(floor, path) && path !== `${floor}/index.ts`)
        .map((target) => `${path} → ${target}`),
    );
    expect(strangers).toEqual([]);
  });
});
