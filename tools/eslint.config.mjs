// Lints the engine half: AssemblyScript in assembly/, tests/kernels/ and bench/. Biome lints the host half.
import tseslint from "typescript-eslint";

const inImport = ":not(ImportDeclaration > *):not(ExportNamedDeclaration > *):not(ExportAllDeclaration > *)";

// The engine is functions over `usize`: it has no allocator, no garbage, and no result that depends on the host.
const engineSyntax = [
  { selector: "NewExpression", message: "The engine has no allocator: no `new`." },
  {
    selector:
      "ArrayExpression:not(CallExpression[callee.object.name='memory'][callee.property.name='data'] > *)",
    message: "The engine has no arrays: a static table is memory.data<f32>([...]).",
  },
  {
    selector: `Literal[value=type(string)]${inImport}:not(Decorator *)`,
    message: "The engine has no strings.",
  },
  { selector: "TemplateLiteral", message: "The engine has no strings." },
  { selector: "TSStringKeyword", message: "The engine has no strings." },
  {
    selector: "TSTypeReference[typeName.name=/Array$|^(Map|Set|String|ArrayBuffer|DataView)$/]",
    message: "The engine has no managed types: pass a `usize`.",
  },
  {
    selector: "TSFunctionType",
    message:
      "A function-valued parameter stays a call_indirect at -O3: use a lane class or a constant generic.",
  },
  { selector: "ThrowStatement", message: "The engine returns a Status; it does not throw." },
  {
    selector: "CallExpression[callee.name='unchecked']",
    message: "The engine has no arrays, so nothing to leave unchecked.",
  },
  {
    selector: "Identifier[name=/^(Math|Mathf|JSMath|NativeMath|NativeMathf)$/]",
    message: "Their results differ between engines or cost a table: use the functions of assembly/.",
  },
];

export default [
  { ignores: ["**/node_modules/", "build/", "dist/"] },
  {
    files: ["assembly/**/*.ts", "tests/kernels/**/*.ts", "bench/**/*.ts"],
    languageOptions: {
      parser: tseslint.parser,
      // Decorators on functions and variables are AssemblyScript's, not TypeScript's.
      parserOptions: { allowInvalidAST: true },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    plugins: { "@typescript-eslint": tseslint.plugin },
    rules: {
      "@typescript-eslint/ban-ts-comment": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/no-use-before-define": ["error", { functions: false, classes: false }],
      "default-case-last": "error",
      "no-cond-assign": "error",
      "no-dupe-else-if": "error",
      "no-duplicate-case": "error",
      "no-duplicate-imports": "error",
      "no-else-return": "error",
      "no-empty": "error",
      "no-fallthrough": "error",
      "no-self-assign": "error",
      "no-unreachable": "error",
      "no-useless-return": "error",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  {
    files: ["assembly/**/*.ts"],
    rules: { "no-restricted-syntax": ["error", ...engineSyntax] },
  },
];
