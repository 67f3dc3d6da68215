/** The repository's own source files, parsed: what house.test.ts and package.test.ts look at. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import ts from "typescript";

export const root = join(import.meta.dirname, "../..");

const outsiders = new Set(["node_modules", "build", "dist"]);

/** Paths, relative to the repository, of the files below a directory that end as given; none when it is missing. */
export function filesBelow(directory: string, endings: readonly string[]): string[] {
  if (!existsSync(join(root, directory))) return [];
  return readdirSync(join(root, directory), { withFileTypes: true })
    .filter((entry) => !outsiders.has(entry.name))
    .flatMap((entry) => {
      const path = posix.join(directory, entry.name);
      if (entry.isDirectory()) return filesBelow(path, endings);
      return endings.some((ending) => entry.name.endsWith(ending)) ? [path] : [];
    })
    .sort();
}

export const read = (path: string): string => readFileSync(join(root, path), "utf8");

export const parse = (path: string, text: string = read(path)): ts.SourceFile =>
  ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);

/** Calls visit on each node in the order of the text; a node for which it returns false is not entered. */
export function walk(node: ts.Node, visit: (node: ts.Node) => unknown): void {
  if (visit(node) !== false) ts.forEachChild(node, (child) => walk(child, visit));
}

export interface Import {
  /** As written, or for a relative one the path in the repository, `.js` read as `.ts`. */
  readonly target: string;
  readonly isType: boolean;
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (!clause) return false;
  const names = clause.namedBindings;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  if (clause.name || !names || !ts.isNamedImports(names)) return false;
  return names.elements.length > 0 && names.elements.every((element) => element.isTypeOnly);
}

/** Every import and re-export of a file, static, dynamic and in types. */
export function importsOf(source: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, isType: boolean): void => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    const written = specifier.text;
    const isRelative = written.startsWith(".");
    const path = posix.join(posix.dirname(source.fileName), written.replace(/\.js$/, ".ts"));
    found.push({ target: isRelative ? path : written, isType });
  };
  walk(source, (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, isTypeOnly(node));
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, true);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false);
    }
  });
  return found;
}
