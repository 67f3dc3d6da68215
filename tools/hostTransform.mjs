// What the build makes of a file of the host beside JavaScript: numbers of the instruction set in place of their names,
// and marks by which bundlers may leave out what nobody uses.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import ts from "typescript";

const isaFolder = join(import.meta.dirname, "../assembly/isa");

/** The enums of the instruction set, each a Map of its members; those of records are looked up by name at run time too. */
const enums = new Map();
for (const file of readdirSync(isaFolder)) {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(isaFolder, file), "utf8"),
    ts.ScriptTarget.Latest,
  );
  for (const statement of source.statements) {
    if (!ts.isEnumDeclaration(statement)) continue;
    let next = 0;
    const members = statement.members.map(({ name, initializer }) => {
      if (initializer !== undefined) next = Number(initializer.text);
      return [name.text, next++];
    });
    enums.set(`${basename(file, ".ts")}.${statement.name.text}`, new Map(members));
  }
}

/** Names that a file imports from the instruction set, with the enum of each. */
function importedEnums(source) {
  const found = new Map();
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const file = /assembly\/isa\/(\w+)\.js$/.exec(statement.moduleSpecifier.text)?.[1];
    const names = statement.importClause?.namedBindings;
    if (file === undefined || names === undefined || !ts.isNamedImports(names)) continue;
    for (const { name, propertyName } of names.elements) {
      const members = enums.get(`${file}.${(propertyName ?? name).text}`);
      if (members !== undefined) found.set(name.text, members);
    }
  }
  return found;
}

/** An enum as an object of its members: what TypeScript makes of it has each number as a name too. */
const plainEnums = (context) => (source) => {
  const { factory } = context;
  const visit = (statement) => {
    if (!ts.isEnumDeclaration(statement)) return statement;
    let next = 0;
    const members = statement.members.map(({ name, initializer }) => {
      if (initializer !== undefined) next = Number(initializer.text);
      return factory.createPropertyAssignment(name.text, factory.createNumericLiteral(next++));
    });
    const object = factory.createObjectLiteralExpression(members);
    const constant = factory.createVariableDeclaration(statement.name.text, undefined, undefined, object);
    const exported = [factory.createModifier(ts.SyntaxKind.ExportKeyword)];
    return factory.createVariableStatement(
      exported,
      factory.createVariableDeclarationList([constant], ts.NodeFlags.Const),
    );
  };
  return ts.visitEachChild(source, visit, context);
};

const isFunction = (node) => ts.isFunctionLike(node) || ts.isClassLike(node);

/** `Control.rows` becomes 0. */
const inlineEnums = (context) => (source) => {
  const known = importedEnums(source);
  const visit = (node) => {
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
      const value = known.get(node.expression.text)?.get(node.name.text);
      if (value !== undefined) return ts.factory.createNumericLiteral(value);
    }
    return ts.visitEachChild(node, visit, context);
  };
  return known.size === 0 ? source : ts.visitNode(source, visit);
};

const ARITHMETIC = new Map([
  [ts.SyntaxKind.PlusToken, (a, b) => a + b],
  [ts.SyntaxKind.MinusToken, (a, b) => a - b],
  [ts.SyntaxKind.AsteriskToken, (a, b) => a * b],
  [ts.SyntaxKind.SlashToken, (a, b) => a / b],
  [ts.SyntaxKind.AsteriskAsteriskToken, (a, b) => a ** b],
]);

/** The value of an expression of numbers, and of the constants of the module that are some; undefined for any other. */
function numberOf(node, constants) {
  if (ts.isParenthesizedExpression(node)) return numberOf(node.expression, constants);
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (ts.isIdentifier(node)) return constants.get(node.text);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) {
    const value = numberOf(node.operand, constants);
    return value === undefined ? undefined : -value;
  }
  const apply = ts.isBinaryExpression(node) ? ARITHMETIC.get(node.operatorToken.kind) : undefined;
  const [left, right] =
    apply === undefined ? [] : [node.left, node.right].map((one) => numberOf(one, constants));
  return left === undefined || right === undefined ? undefined : apply(left, right);
}

/** `2 ** 24` becomes 16777216: arithmetic may call valueOf, for all that bundlers know, so they would keep it. */
const foldConstants = (context) => (source) => {
  const { factory } = context;
  const constants = new Map();
  const fold = (node) => {
    const value = ts.isBinaryExpression(node) ? numberOf(node, constants) : undefined;
    if (value === undefined || !Number.isFinite(value))
      return ts.visitEachChild(node, isFunction(node) ? (one) => one : fold, context);
    const literal = factory.createNumericLiteral(String(Math.abs(value)));
    return value < 0 ? factory.createPrefixMinus(literal) : literal;
  };
  const visit = (statement) => {
    if (!ts.isVariableStatement(statement)) return statement;
    for (const { name, initializer } of statement.declarationList.declarations) {
      const value = initializer && numberOf(initializer, constants);
      if (value !== undefined) constants.set(name.text, value);
    }
    return ts.visitEachChild(statement, fold, context);
  };
  return ts.visitEachChild(source, visit, context);
};

/**
 * No module of the package does anything when it is loaded, so what a constant of a module is made by may go with it:
 * every call on the way there is marked as pure.
 */
const markPure = (context) => (source) => {
  const mark = (node) => {
    if (isFunction(node)) return node;
    const visited = ts.visitEachChild(node, mark, context);
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return visited;
    return ts.addSyntheticLeadingComment(visited, ts.SyntaxKind.MultiLineCommentTrivia, " @__PURE__ ");
  };
  const visit = (statement) =>
    ts.isVariableStatement(statement) ? ts.visitEachChild(statement, mark, context) : statement;
  return ts.visitEachChild(source, visit, context);
};

/** esbuild drops what stands before statements; comments of a class's members it would keep. */
const dropComments = (context) => (source) => {
  const visit = (node) => {
    if (ts.isClassElement(node)) ts.setEmitFlags(node, ts.EmitFlags.NoLeadingComments);
    return ts.visitEachChild(node, visit, context);
  };
  return ts.visitNode(source, visit);
};

/** JavaScript and source map of a file of the host, or of the instruction set. */
export function transformHost(text, fileName) {
  const { outputText, sourceMapText } = ts.transpileModule(text, {
    fileName,
    compilerOptions: {
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      sourceMap: true,
      removeComments: false,
    },
    transformers: { before: [plainEnums, inlineEnums, foldConstants, markPure, dropComments] },
  });
  return { code: outputText.replace(/\/\/# sourceMappingURL=.*/, ""), map: JSON.parse(sourceMapText) };
}
