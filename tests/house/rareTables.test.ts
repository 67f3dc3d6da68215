/** What the tables of rare names have copies of in dist/ (tools/buildHost.mjs) must not matter to be one. */
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { isCopied, rareTables } from "../../tools/entries.mjs";
import { importsOf, parse, walk } from "./sources.js";

/** Sources that a table has copies of. */
function copiesOf(path: string, found = new Set<string>()): Set<string> {
  if (found.has(path) || !isCopied(path)) return found;
  found.add(path);
  for (const { target, isType } of importsOf(parse(path))) if (!isType) copiesOf(target, found);
  return found;
}

const copied = [...new Set(Object.keys(rareTables).flatMap((path) => [...copiesOf(path)]))];

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

describe("the tables of rare names", () => {
  it("have copies of losses, metrics, optimizers and operations", () => {
    for (const path of ["src/losses/focal.ts", "src/metrics/engine/ranking.ts", "src/optimizers/lion.ts"]) {
      expect(copied).toContain(path);
    }
    expect(copied).toContain("src/ops/elementwise.ts");
  });

  it("have copies of no class, no state and no primitive", () => {
    expect(copied.flatMap((path) => single(parse(path)))).toEqual([]);
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
