/** The types of what a module exports, as the compiler sees them, in lines by name: see publicSurface.test.ts. */
import { join } from "node:path";
import ts from "typescript";

const root = join(import.meta.dirname, "../..");
const path = join(import.meta.dirname, "entries.ts");

/** By name what is exported, and behind it by `name.member` what its values have. */
export type Surface = Record<string, string>;

const printer = ts.createPrinter({ removeComments: true });

/** A type in one line, whatever order the compiler has found the members of its unions in. */
function canonical(text: string): string {
  const unqualified = text.replace(/import\("[^"]*"\)\./g, "");
  if (!unqualified.includes("|")) return unqualified;
  const source = ts.createSourceFile("type.ts", `type T = ${unqualified};`, ts.ScriptTarget.Latest, true);
  const print = (node: ts.Node) =>
    printer.printNode(ts.EmitHint.Unspecified, node, source).replace(/\s+/g, " ");
  const sorted: ts.TransformerFactory<ts.Node> = (context) => {
    const visit: ts.Visitor = (node) => {
      const inner = ts.visitEachChild(node, visit, context);
      if (!ts.isUnionTypeNode(inner)) return inner;
      const types = inner.types.map((one) => [print(one), one] as const).sort(([a], [b]) => (a < b ? -1 : 1));
      return ts.factory.createUnionTypeNode(types.map(([, one]) => one));
    };
    return (node) => visit(node) as ts.Node;
  };
  const [alias] = source.statements as unknown as readonly [ts.TypeAliasDeclaration];
  return print(ts.transform<ts.Node>(alias.type, [sorted]).transformed[0] as ts.Node);
}

/** `[Symbol.iterator]` in place of the compiler's number for it. */
const nameOf = ({ name }: ts.Symbol) => name.replace(/^__@(\w+)@\d+$/, "[Symbol.$1]");

/** `export type { Model }`, which gives the type of a class and not the class. */
const isTypeExport = (declaration: ts.Declaration) =>
  ts.isExportSpecifier(declaration) && (declaration.isTypeOnly || declaration.parent.parent.isTypeOnly);

const isHidden = (declaration: ts.Declaration) =>
  (ts.getCombinedModifierFlags(declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0;

/** Left out of the published types: see tsconfig.build.json. */
const isInternal = (declaration: ts.Declaration) =>
  ts.getJSDocTags(declaration).some(({ tagName }) => tagName.text === "internal");

const KINDS: readonly (readonly [ts.SymbolFlags, string])[] = [
  [ts.SymbolFlags.Class, "class"],
  [ts.SymbolFlags.Function, "function"],
  [ts.SymbolFlags.Variable, "const"],
  [ts.SymbolFlags.Interface, "interface"],
  [ts.SymbolFlags.TypeAlias, "type"],
];

const FLAGS = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;

/** The surfaces of all entries, by their names in entries.ts. */
export function surfacesOf(): Record<string, Surface> {
  const config = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile).config;
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [path] }, ts.sys, root);
  const program = ts.createProgram([path], { ...options, types: [] });
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(path) as ts.SourceFile;

  const resolved = (symbol: ts.Symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const exportsOf = (symbol: ts.Symbol) => checker.getExportsOfModule(symbol);
  const textOf = (type: ts.Type, more = ts.TypeFormatFlags.None) =>
    canonical(checker.typeToString(type, file, FLAGS | more));
  const typeOf = (symbol: ts.Symbol) => checker.getTypeOfSymbolAtLocation(symbol, file);

  const isTypeScripts = (declaration: ts.Node) =>
    program.isSourceFileDefaultLibrary(declaration.getSourceFile());
  const isPublic = (member: ts.Symbol) => {
    const declarations = member.declarations ?? [];
    if (member.name.startsWith("#") || declarations.some((one) => isHidden(one) || isInternal(one)))
      return false;
    return declarations.length === 0 || !declarations.every(isTypeScripts);
  };
  const isReadonly = ({ declarations = [] }: ts.Symbol) =>
    declarations.length > 0 &&
    declarations.every(
      (one) => ts.getCombinedModifierFlags(one) & ts.ModifierFlags.Readonly || ts.isGetAccessor(one),
    );
  const memberOf = (member: ts.Symbol) => {
    const isOptional = (member.flags & ts.SymbolFlags.Optional) !== 0;
    return `${isReadonly(member) ? "readonly " : ""}${isOptional ? "optional " : ""}${textOf(typeOf(member))}`;
  };

  function addSignatures(surface: Surface, name: string, signatures: readonly ts.Signature[]): void {
    const own = signatures.filter(({ declaration }) => {
      const one = declaration as ts.Declaration | undefined;
      return one !== undefined && !isTypeScripts(one) && !isHidden(one) && !isInternal(one);
    });
    own.forEach((signature, i) => {
      const text = checker.signatureToString(
        signature,
        file,
        FLAGS | ts.TypeFormatFlags.WriteArrowStyleSignature,
      );
      surface[`${name}(${i > 0 ? i : ""})`] = canonical(text);
    });
  }

  /** Adds what a type has: members, and how it is called and indexed. */
  function addMembers(surface: Surface, name: string, type: ts.Type): void {
    for (const member of checker.getPropertiesOfType(type).filter(isPublic)) {
      surface[`${name}.${nameOf(member)}`] = memberOf(member);
    }
    addSignatures(surface, name, type.getCallSignatures());
    for (const info of checker.getIndexInfosOfType(type)) {
      surface[`${name}[${textOf(info.keyType)}]`] = textOf(info.type);
    }
  }

  const parametersOf = ({ declarations = [] }: ts.Symbol) => {
    const parameters = declarations.flatMap((one) =>
      ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one) || ts.isClassDeclaration(one)
        ? (one.typeParameters ?? []).map((parameter) => parameter.getText().replace(/\s+/g, " "))
        : [],
    );
    return parameters.length > 0 ? ` <${parameters.join(", ")}>` : "";
  };

  /** Adds what is exported by a name. */
  function add(surface: Surface, name: string, symbol: ts.Symbol): void {
    const declared = KINDS.find(([flag]) => symbol.flags & flag)?.[1] ?? "of no kind";
    // Whether a function is declared as one or is the value of a constant is nothing to whoever calls it.
    const isCalled = declared === "const" && typeOf(symbol).getCallSignatures().length > 0;
    const kind = isCalled ? "function" : declared;
    const title = `${kind}${parametersOf(symbol)}`;
    if (kind === "function" || kind === "const") {
      surface[name] = `${title}: ${textOf(typeOf(symbol))}`;
      return;
    }
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    if (kind === "type") {
      surface[name] = `${title}: ${textOf(type, ts.TypeFormatFlags.InTypeAlias)}`;
      const isOfFields = type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection);
      if (isOfFields && !checker.isArrayLikeType(type)) addMembers(surface, name, type);
      return;
    }
    const bases = type.isClassOrInterface() && kind === "class" ? checker.getBaseTypes(type) : [];
    surface[name] = title + bases.map((base) => ` extends ${textOf(base)}`).join("");
    addMembers(surface, name, type);
    if (kind !== "class") return;
    const made = typeOf(symbol);
    addSignatures(surface, `new ${name}`, made.getConstructSignatures());
    for (const one of checker.getPropertiesOfType(made).filter(isPublic)) {
      if (one.name !== "prototype") surface[`${name}::${one.name}`] = memberOf(one);
    }
  }

  const modules = checker.getExportsOfModule(checker.getSymbolAtLocation(file) as ts.Symbol);
  const entries = modules.map((entry) => [entry.name, exportsOf(resolved(entry))] as const);
  const ofIndex = new Map(
    entries.find(([name]) => name === "index")?.[1].map((one) => [one.name, resolved(one)]),
  );
  return Object.fromEntries(
    entries.map(([entry, exported]) => {
      const surface: Surface = {};
      for (const one of exported) {
        const symbol = resolved(one);
        const isTypeOnly = symbol.flags & ts.SymbolFlags.Value && one.declarations?.some(isTypeExport);
        if (entry !== "index" && ofIndex.get(one.name) === symbol) surface[one.name] = "as of index";
        else add(surface, one.name, symbol);
        if (isTypeOnly) surface[one.name] += " (type only)";
      }
      return [entry, surface];
    }),
  );
}
