/** What the package exports and of which types, as the compiler sees it: what calls are made of. */
import { join } from "node:path";
import ts from "typescript";

const root = join(import.meta.dirname, "../../..");
const path = join(root, "tests/laws/entries.ts");

/** Entries whose exports are called; `core` exports what `index` does, but for its own compile. */
const ENTRIES = ["autodiff", "data", "index", "metrics", "ops"] as const;
export type EntryName = (typeof ENTRIES)[number];

/** Something that can be called: a function, a static method, a method of what an exported class or interface is of. */
export interface Callable {
  readonly entry: EntryName;
  /** `adam`; `Dataset.fromArrays` for a static method. */
  readonly name: string;
  readonly signatures: readonly ts.Signature[];
  /** The class that it is a method of. */
  readonly receiver?: string;
}

export interface Published {
  readonly checker: ts.TypeChecker;
  readonly file: ts.SourceFile;
  readonly callables: readonly Callable[];
}

const isInternal = (symbol: ts.Symbol) =>
  (symbol.declarations ?? []).some((one) =>
    ts.getJSDocTags(one).some(({ tagName }) => tagName.text === "internal"),
  );

/** Whether a member is one that callers see. */
export function isPublic(symbol: ts.Symbol): boolean {
  const { declarations = [] } = symbol;
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  if (symbol.name.startsWith("#") || symbol.name.startsWith("__") || isInternal(symbol)) return false;
  return declarations.every((one) => (ts.getCombinedModifierFlags(one) & hidden) === 0);
}

export function readPublished(): Published {
  const config = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile).config;
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [path] }, ts.sys, root);
  const program = ts.createProgram([path], options);
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(path) as ts.SourceFile;
  const resolved = (symbol: ts.Symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const modules = checker.getExportsOfModule(checker.getSymbolAtLocation(file) as ts.Symbol);
  const callables = modules.flatMap((module) => {
    const entry = module.name as EntryName;
    if (!ENTRIES.includes(entry)) return [];
    return checker.getExportsOfModule(resolved(module)).flatMap((exported): Callable[] => {
      const symbol = resolved(exported);
      if (!(symbol.flags & ts.SymbolFlags.Value)) return [];
      const type = checker.getTypeOfSymbolAtLocation(symbol, file);
      const signatures = type.getCallSignatures();
      if (signatures.length > 0) return [{ entry, name: exported.name, signatures }];
      if (!(symbol.flags & ts.SymbolFlags.Class)) return [];
      const instance = checker.getDeclaredTypeOfSymbol(symbol);
      const methods = checker.getPropertiesOfType(instance).flatMap((member): Callable[] => {
        const calls = checker.getTypeOfSymbolAtLocation(member, file).getCallSignatures();
        const isOwn = isPublic(member) && member.valueDeclaration?.parent === symbol.valueDeclaration;
        const method = { entry, name: member.name, signatures: calls, receiver: exported.name };
        return isOwn && calls.length > 0 ? [method] : [];
      });
      const statics = checker.getPropertiesOfType(type).flatMap((member): Callable[] => {
        const calls = checker.getTypeOfSymbolAtLocation(member, file).getCallSignatures();
        const isOwn =
          isPublic(member) && calls.length > 0 && member.valueDeclaration?.parent === symbol.valueDeclaration;
        return isOwn ? [{ entry, name: `${exported.name}.${member.name}`, signatures: calls }] : [];
      });
      return [...statics, ...methods];
    });
  });
  return { checker, file, callables };
}
