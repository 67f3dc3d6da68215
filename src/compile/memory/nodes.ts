/** The values of a method by number, with what recomputing them asks: who reads whom, when, and at what cost. */
import { elements } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import { align } from "../instruction.js";
import { costOf } from "../recompute/cost.js";
import { basesOf, type PlanInput, reusableInputs } from "./plan.js";

export interface RecomputeInput extends PlanInput {
  /** Whether a value may be computed twice: false for what is not the same the second time. */
  isEvictable?(value: Value): boolean;
}

/** Values are numbered as they are computed; a view stands for what it shows. */
export interface Node {
  readonly value: Value;
  /** Bytes in the arena: none for a view, an effect, or what lies outside. */
  readonly bytes: number;
  readonly cost: number;
  /** What it reads, each once. */
  readonly inputs: readonly number[];
  /** What reads it, in order. */
  readonly users: readonly number[];
  /** Those of `inputs` over which it may be written. */
  readonly reusable: readonly number[];
  /** Whether it stays once it is computed: parameters, gradients, results. */
  readonly stays: boolean;
  /** Whether it can be computed again from what stays. */
  readonly repeatable: boolean;
}

export function nodesOf({ order, pinned, kept, rows, isEvictable }: RecomputeInput): Node[] {
  const bases = basesOf(order);
  const keptBases = new Set([...kept].map((value) => bases.get(value)));
  const numbers = new Map(order.map((value, i) => [value, i]));
  const numberOf = (value: Value) => numbers.get(bases.get(value) as Value) as number;
  const nodes: (Node & { readonly users: number[] })[] = [];
  order.forEach((value, i) => {
    const inputs = value.op.view ? [] : [...new Set(value.inputs.map(numberOf))];
    const stays = pinned.has(value) || keptBases.has(value);
    const isOutside = pinned.has(value) || value.op.effect || value.op.view;
    const isSame = !value.op.effect && (isEvictable?.(value) ?? true);
    nodes.push({
      value,
      bytes: isOutside ? 0 : align(elements(value.shape, rows) * 4),
      cost: value.op.view ? 0 : costOf(value, rows),
      inputs,
      users: [],
      reusable: pinned.has(value) ? [] : reusableInputs(value, bases).map(numberOf),
      stays,
      repeatable: stays || (isSame && inputs.every((input) => (nodes[input] as Node).repeatable)),
    });
    for (const input of inputs) (nodes[input] as { users: number[] }).users.push(i);
  });
  return nodes;
}
