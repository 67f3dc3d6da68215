import type { CollectedScore } from "../../compile/graphs.js";
import type { Table } from "../../rows/table.js";

/** One list of several, one after the other. */
function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Outputs and targets of all rows of a pass, as metrics need them that rank rows: a copy in f32, outside the plan. */
export class Collection {
  readonly #scores: readonly CollectedScore[];
  /** The outputs that are collected. */
  readonly outputs: readonly number[];
  readonly #parts = new Map<string, Float32Array[]>();
  #rows = 0;

  constructor(scores: readonly CollectedScore[]) {
    this.#scores = scores;
    this.outputs = [...new Set(scores.map(({ output }) => output))];
  }

  #add(key: string, values: Float32Array): void {
    const parts = this.#parts.get(key);
    if (parts === undefined) this.#parts.set(key, [values]);
    else parts.push(values);
  }

  /** @param results of each of `outputs`, copies of a chunk */
  addOutputs(results: readonly Float32Array[]): void {
    this.outputs.forEach((output, i) => {
      this.#add(`output ${output}`, results[i] as Float32Array);
    });
  }

  /** @param targets one for each output that has one; a stream may use their arrays again */
  addTargets(targets: readonly Table[]): void {
    for (const target of new Set(this.#scores.map((one) => one.target))) {
      const table = targets[target] as Table;
      this.#add(`target ${target}`, Float32Array.from(table.values));
    }
    this.#rows += targets[0]?.rows ?? 0;
  }

  /** The scores, each with its place in the report. */
  finish(): { readonly path: readonly string[]; readonly value: number }[] {
    const whole = (key: string) => joined(this.#parts.get(key) ?? []);
    return this.#scores.map(({ path, output, target, finish }) => ({
      path,
      value: finish(whole(`output ${output}`), whole(`target ${target}`), this.#rows),
    }));
  }
}
