/** The large application of every case as something to be timed: bench/ops.mjs bundles this file and runs it. */
import { elements } from "../../src/graph/shape.ts";
import type { OpCase } from "./case.ts";
import { caseNames, cases } from "./index.ts";
import { prepare } from "./prepare.ts";
import { GraphProgram } from "./run.ts";

const ROWS_OF_A_STEP = 64;

export interface BenchCase {
  readonly name: string;
  /** Names of the instructions that a run executes. */
  readonly instructions: readonly string[];
  /** Numbers that it reads and writes: inputs and result. */
  readonly elements: number;
  /** Puts the program into the engine, in the place of the last one; the function it returns runs it once. */
  load(): () => void;
}

function benchCase(name: string, { large }: OpCase): BenchCase {
  // Ordinary numbers: the ends of the range, which the other domains visit, slow the processor down.
  const trial = { ...large, rows: ROWS_OF_A_STEP, spare: 0, seed: 1 };
  const { inputs, y, feed } = prepare(trial, ({ smooth, domain }) => smooth ?? domain);
  const program = new GraphProgram([y], { maxRows: ROWS_OF_A_STEP });
  const values = [...inputs.filter((input) => input !== y), y];
  return {
    name,
    instructions: program.instructions.map(({ kind }) => kind.name),
    elements: values.reduce((sum, { shape }) => sum + elements(shape, feed.rows), 0),
    load: () => program.load(feed).step,
  };
}

/** Ops that are no instruction, such as a reshape, are left out. */
export const benchCases = (): BenchCase[] =>
  caseNames.map((name) => benchCase(name, cases[name])).filter(({ instructions }) => instructions.length > 0);
