/** What is imported when it is needed may have copies in dist/ (tools/buildHost.mjs) of what must not matter to be one. */
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { copying, isCopied } from "../../tools/entries.mjs";
import { filesBelow, importsOf, parse, walk } from "./sources.js";

/** Sources that a part, by its file, has copies of. */
function copiesOf(path: string, file: string, found = new Set<string>()): Set<string> {
  if (found.has(path) || !isCopied(path, file)) return found;
  found.add(path);
  for (const { target, isType } of importsOf(parse(path))) if (!isType) copiesOf(target, file, found);
  return found;
}

const parts = Object.keys(copying);
const copies = parts.map((path) => copiesOf(path, copying[path] as string));
/** A part is itself in one file. */
const copied = [...new Set(copies.flatMap((one) => [...one]))].filter((path) => !parts.includes(path));
const users = new Map<string, Set<string>>();
for (const path of filesBelow("src", [".ts"])) {
  for (const { target, isType } of importsOf(parse(path))) {
    if (!isType) users.set(target, (users.get(target) ?? new Set()).add(path));
  }
}
/** Whether what uses a source is in one file of dist/ with it, so that there is one of it all the same. */
const isOfOnePart = (path: string) => {
  const having = copies.filter((one) => one.has(path));
  return having.length === 1 && [...(users.get(path) ?? [])].every((user) => having[0]?.has(user));
};
const isPrimitive = (path: string) => path.startsWith("src/graph/primitives/");

/** Classes, and state that a module makes when it is loaded, as `line: text`. */
function single(source: ts.SourceFile): string[] {
  const found: string[] = [];
  const report = (node: ts.Node) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    found.push(`${source.fileName}:${line + 1}: ${node.getText().split("\n")[0]}`);
  };
  walk(source, (node) => {
    if (ts.isClassLike(node)) report(node);
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
    if (ts.isVariableDeclarationList(node) && !(node.flags & ts.NodeFlags.Const)) report(node);
    if (ts.isNewExpression(node)) report(node);
    if (ts.isCallExpression(node) && /^defineOp\b/.test(node.getText())) report(node);
    return true;
  });
  return found;
}

/** Names of the constants that a module exports. */
const exportsOf = (source: ts.SourceFile): string[] =>
  [...source.text.matchAll(/^export const (\w+)/gm)].map(([, name = ""]) => name);

/** Names that ops are compared with. */
const identities = (source: ts.SourceFile): string[] =>
  [
    ...source.text.matchAll(/\bisOp\(\w+, (\w+)\)/g),
    ...source.text.matchAll(/\bop(?: as unknown\))? [!=]== (\w+)(?!\w*\()/g),
    ...source.text.matchAll(/\bopOf\((\w+)\)/g),
  ].map(([, name = ""]) => name);

describe("what is imported when it is needed", () => {
  it("have copies of losses, metrics, optimizers and operations", () => {
    for (const path of ["src/losses/focal.ts", "src/metrics/engine/ranking.ts", "src/optimizers/lion.ts"]) {
      expect(copied).toContain(path);
    }
    expect(copied).toContain("src/ops/elementwise.ts");
  });

  it("have copies of no class, no state and no primitive but a few", () => {
    const others = copied.filter((path) => !isPrimitive(path) && !isOfOnePart(path));
    expect(others.flatMap((path) => single(parse(path)))).toEqual([]);
  });

  it("have copies of no primitive that others look for by identity", () => {
    const primitives = copied.filter(isPrimitive).flatMap((path) => exportsOf(parse(path)));
    expect(primitives).toContain("slice");
    const lookedFor = filesBelow("src", [".ts"]).flatMap((path) => identities(parse(path)));
    expect(lookedFor).toEqual(expect.arrayContaining(["matmul", "softmax", "source"]));
    expect(primitives.filter((name) => lookedFor.includes(name))).toEqual([]);
  });

  it.each([
    "class Counter {}",
    "const Counter = class {};",
    "let count = 0;",
    "var count = 0;",
    "const known = new Map();",
    "const known = { all: [new Set()] };",
    'export const softplus = defineOp<[Value]>({ name: "softplus" });',
  ])("are seen to have one of %s", (text) => {
    expect(single(parse("sample.ts", text))).toHaveLength(1);
  });

  it.each(["const make = () => new Map();", "function next() { let i = 0; return i; }", "const base = 2;"])(
    "are seen to have none of %s",
    (text) => {
      expect(single(parse("sample.ts", text))).toEqual([]);
    },
  );
});
