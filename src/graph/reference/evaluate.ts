import { schedule } from "../schedule.js";
import type { Value } from "../value.js";
import type { Definition, Feed } from "./definition.js";
import { definitions } from "./index.js";
import { concrete, type NdArray } from "./ndArray.js";

/** The roots of a graph in f64, op by op. */
export function evaluate(roots: readonly Value[], feed: Feed): NdArray[] {
  const results = new Map<Value, NdArray>();
  const result = (value: Value) => results.get(value) as NdArray;
  for (const value of schedule(roots)) {
    const define = (definitions as Readonly<Record<string, Definition<unknown>>>)[value.op.name];
    if (define === undefined) throw new Error(`reference: no definition of ${value.op.name}.`);
    const shape = concrete(value.shape, feed.rows);
    results.set(value, define(value.inputs.map(result), shape, value.attributes, feed));
  }
  return roots.map(result);
}
