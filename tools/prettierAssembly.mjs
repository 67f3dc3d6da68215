// assemblyscript-prettier hides decorators in comments and prints them back. What it prints against STYLE.md is mended
// here: a blank line before a decorator that has no docstring, parentheses in `(<usize>n) << 2`, where a cast binds
// tighter than any binary operator anyway, and `const a = 1, b = 2` spread over two lines although it fits on one.
import plugin from "assemblyscript-prettier";
import { doc } from "prettier";

const printer = plugin.printers["as-estree"];
const { line } = doc.builders;

const isParenthesised = (printed) => Array.isArray(printed) && printed[0] === "(" && printed.at(-1) === ")";

/** Declarators after the first: each is [",", hardline, declarator], all in one indent. */
function onOneLineIfItFits(printed) {
  const rest = printed.contents.find((part) => part.type === "indent");
  if (rest) rest.contents = rest.contents.map(([comma, , declarator]) => [comma, line, declarator]);
  return printed;
}

function print(path, ...rest) {
  const printed = printer.print(path, ...rest);
  const { node, parent } = path;
  if (node.type === "VariableDeclaration" && node.declarations.length > 1) return onOneLineIfItFits(printed);
  const isOperand = node.type === "TSTypeAssertion" && parent.type === "BinaryExpression";
  return isOperand && isParenthesised(printed) ? printed.slice(1, -1) : printed;
}

function printComment(...args) {
  const printed = printer.printComment(...args);
  const isDecorator = Array.isArray(printed) && String(printed.at(-1)).startsWith("@");
  return isDecorator ? printed.at(-1) : printed;
}

export const parsers = plugin.parsers;
export const printers = { "as-estree": { ...printer, print, printComment } };
