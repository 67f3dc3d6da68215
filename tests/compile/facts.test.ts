/** What is known of opcodes is held against their records by the compiler: each of these mistakes would not compile. */
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { root } from "../house/sources.js";

const head = `
import { SelectRecord } from "../../assembly/isa/choice.js";
import { ElementwiseOp, UnaryRecord } from "../../assembly/isa/elementwise.js";
import { fact, family } from "../../src/compile/facts/fact.js";
import { binary, elementwiseKinds, unary } from "../../src/compile/facts/elementwise.js";
import { updateKinds } from "../../src/compile/facts/update.js";
import { instruction, type Place } from "../../src/compile/instruction.js";
import type { UpdateGroup, UpdatePlaces } from "../../src/compile/update.js";
import type { Emit, Value } from "../../src/graph/value.js";
import { pass, real } from "../../src/optimizers/optimizer.js";
declare const emit: Emit;
declare const y: Value, x: Value, place: Place, places: UpdatePlaces, group: UpdateGroup;
const count = { count: place.size };
const Opcodes = { Add: 1, Sub: 2 } as const;
`;

const right = {
  "a family": 'family("sample", 99, Opcodes, { Add: binary, Sub: unary });',
  "a fact": 'fact(SelectRecord, { result: "y", reads: ["condition", "a"], inPlace: ["a"] });',
  "a record that is emitted":
    "emit(elementwiseKinds.Negate, { y, x, count, alpha: real(0), beta: real(0) });",
  "an instruction":
    'instruction(elementwiseKinds.Negate, "layer", { y: place, x: place, count, alpha: 0, beta: 0 });',
  "a pass of an optimizer":
    'pass(updateKinds.Sgd, "sgd", places, group, { velocity: null, momentum: real(0), nesterov: 0 });',
};

/** The mistakes by name, with what the compiler says of each. */
const wrong: Record<string, readonly [code: string, complaint: RegExp]> = {
  "an opcode without a fact": ['family("sample", 99, Opcodes, { Add: binary });', /'Sub' is missing/],
  "an opcode of the family that there is not": [
    'const kinds = family("sample", 99, Opcodes, { Add: binary, Sub: unary }); kinds.Mul;',
    /'Mul' does not exist/,
  ],
  "a fact without what it reads": ['fact(UnaryRecord, { result: "y" });', /'reads' is missing/],
  "a result that is no field of the record": [
    'fact(UnaryRecord, { result: "dx", reads: ["x"] });',
    /'"dx"' is not assignable/,
  ],
  "a misspelled operand that is read": [
    'fact(SelectRecord, { result: "y", reads: ["conditions"] });',
    /'"conditions"' is not assignable/,
  ],
  "an operand in place of another record": [
    'fact(UnaryRecord, { result: "y", reads: ["x"], inPlace: ["a"] });',
    /'"a"' is not assignable/,
  ],
  "a missing operand in emit()": [
    "emit(elementwiseKinds.Negate, { y, x, count, alpha: real(0) });",
    /'beta' is missing/,
  ],
  "a misspelled operand in emit()": [
    "emit(elementwiseKinds.Negate, { y, x, count, alpha: real(0), betta: real(0) });",
    /'betta' does not exist/,
  ],
  "the operands of another record in emit()": [
    "emit(elementwiseKinds.ReluGrad, { y, x, count, alpha: real(0), beta: real(0) });",
    /'x' does not exist/,
  ],
  "an operand of another type in emit()": [
    'emit(elementwiseKinds.Negate, { y, x: "x", count, alpha: real(0), beta: real(0) });',
    /'string' is not assignable/,
  ],
  "a missing operand in instruction()": [
    'instruction(elementwiseKinds.Negate, "layer", { y: place, x: place, count, alpha: 0 });',
    /'beta' is missing/,
  ],
  "a misspelled operand in instruction()": [
    'instruction(elementwiseKinds.Negate, "layer", { y: place, z: place, count, alpha: 0, beta: 0 });',
    /'z' does not exist/,
  ],
  "a value that has no place yet in instruction()": [
    'instruction(elementwiseKinds.Negate, "layer", { y, x: place, count, alpha: 0, beta: 0 });',
    /'Value' is not assignable/,
  ],
  "a missing operand in pass()": [
    'pass(updateKinds.Sgd, "sgd", places, group, { velocity: null, momentum: real(0) });',
    /'nesterov' is missing/,
  ],
  "a misspelled operand in pass()": [
    'pass(updateKinds.Sgd, "sgd", places, group, { speed: null, momentum: real(0), nesterov: 0 });',
    /'speed' does not exist/,
  ],
  "a record in pass() that updates nothing": [
    'pass(elementwiseKinds.Negate, "sgd", places, group, {});',
    /not assignable to parameter of type 'Kind<UpdateRecord>'/,
  ],
};

/** What the compiler says of each text, by its name, as a file of this folder. */
function complaintsOf(texts: Record<string, string>): Map<string, string[]> {
  const files = new Map(
    Object.keys(texts).map((name, i) => [join(import.meta.dirname, `sample${i}.ts`), name] as const),
  );
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  const textOf = (path: string) => `${head}${texts[files.get(path) as string]}\nexport {};`;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.readFile = (path) => (files.has(path) ? textOf(path) : readFile(path));
  host.getSourceFile = (path, ...rest) =>
    files.has(path)
      ? ts.createSourceFile(path, textOf(path), ts.ScriptTarget.ES2022)
      : getSourceFile(path, ...rest);
  const program = ts.createProgram([...files.keys()], { ...options, noUnusedLocals: false }, host);
  const said = (path: string) =>
    program
      .getSemanticDiagnostics(program.getSourceFile(path))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
  return new Map([...files].map(([path, name]) => [name, said(path)]));
}

describe("the facts of opcodes", () => {
  const codes = Object.entries(wrong).map(([name, [code]]) => [name, code] as const);
  const complaints = complaintsOf({ ...right, ...Object.fromEntries(codes) });

  it.each(Object.keys(right))("take %s", (name) => {
    expect(complaints.get(name)).toEqual([]);
  });

  it.each(Object.entries(wrong))("refuse %s", (name, [, complaint]) => {
    expect(complaints.get(name)).toEqual([expect.stringMatching(complaint)]);
  });
});
