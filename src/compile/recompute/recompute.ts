/**
 * Trades work for memory ("gradient checkpointing"): drops values that are needed much later, and computes them again.
 *
 * Walks the method in order and counts the bytes that live. When they exceed a budget, the value is dropped that is
 * cheapest to compute again, by its bytes and by how far off its next use is (dynamic tensor rematerialization, Kirisame
 * et al. 2021, arXiv:2006.09616, with the next use known, which Belady's rule asks for, in place of the last one). When
 * a dropped value is needed again, it is computed again, and before it whatever it needs that is gone.
 *
 * A clone has the op and the attributes of its original and inputs of the same bits, and ops are functions of these and
 * of (seed, step, node): so it has the same bits, and so has everything that follows.
 */
import type { Value } from "../../graph/value.js";
import { type Node, nodesOf, type RecomputeInput } from "../memory/nodes.js";
import { Eviction } from "./evict.js";

export interface Recomputation {
  readonly order: readonly Value[];
  /** What now stands for each value of the old order that is still there: its last clone, or itself. */
  readonly final: ReadonlyMap<Value, Value>;
  /** Cost of all that is computed again, in the units of cost.ts. */
  readonly cost: number;
}

/** An order that is so many times as long is no longer worth its memory. */
const LONGEST = 4;

/** @returns undefined when so small a budget would have almost everything computed again and again */
export function recompute(input: RecomputeInput, budgetBytes: number): Recomputation | undefined {
  const nodes = nodesOf(input);
  const walk = new Walk(input, nodes, budgetBytes);
  const most = LONGEST * nodes.length;
  for (let i = 0; i < nodes.length; i++) {
    walk.advance(i);
    if (walk.order.length > most) return undefined;
  }
  return walk;
}

class Walk implements Recomputation {
  readonly order: Value[] = [];
  readonly final = new Map<Value, Value>();
  cost = 0;
  readonly #nodes: readonly Node[];
  readonly #kept: ReadonlySet<Value>;
  readonly #eviction: Eviction;
  readonly #wasComputed: boolean[];

  constructor({ kept }: RecomputeInput, nodes: readonly Node[], budgetBytes: number) {
    this.#nodes = nodes;
    this.#kept = kept;
    this.#eviction = new Eviction(nodes, budgetBytes);
    this.#wasComputed = nodes.map(() => false);
  }

  /** Computes the value of that number, and first what it needs that is gone. */
  advance(i: number): void {
    const { value } = this.#nodes[i] as Node;
    this.#eviction.now = i;
    if (value.op.view) {
      // A view costs nothing, so it is made where it is needed.
      if (this.#kept.has(value)) this.#version(value);
      return;
    }
    const needed = [...this.#missing(i), i];
    for (const one of needed) this.#eviction.lock((this.#nodes[one] as Node).inputs);
    for (const one of needed) this.#compute(one);
  }

  /** All that is gone and needed, directly or not, in the order in which it is computed. */
  #missing(i: number): number[] {
    const found = new Set<number>();
    const stack = [i];
    for (let one = stack.pop(); one !== undefined; one = stack.pop()) {
      for (const input of (this.#nodes[one] as Node).inputs) {
        if (this.#eviction.isLive(input) || found.has(input)) continue;
        found.add(input);
        stack.push(input);
      }
    }
    return [...found].sort((a, b) => a - b);
  }

  #compute(i: number): void {
    const { value, cost } = this.#nodes[i] as Node;
    this.#eviction.enter(i);
    const inputs = value.inputs.map((input) => this.#version(input));
    const isSame = inputs.every((input, k) => input === value.inputs[k]);
    const version = isSame && !this.#wasComputed[i] ? value : { ...value, inputs };
    if (this.#wasComputed[i]) this.cost += cost;
    this.#wasComputed[i] = true;
    this.final.set(value, version);
    this.order.push(version);
    this.#eviction.unlock((this.#nodes[i] as Node).inputs);
    this.#eviction.settle(i);
  }

  /** What stands for a value now: for a view, a view of what stands for its base. */
  #version(value: Value): Value {
    const views: Value[] = [];
    let shown = value;
    for (; shown.op.view; shown = shown.inputs[0] as Value) views.push(shown);
    let version = this.final.get(shown) as Value;
    for (const view of views.reverse()) {
      const known = this.final.get(view);
      const isCurrent = known !== undefined && known.inputs[0] === version;
      const next = isCurrent ? known : view.inputs[0] === version ? view : { ...view, inputs: [version] };
      if (!isCurrent) {
        this.order.push(next);
        this.final.set(view, next);
      }
      version = next;
    }
    return version;
  }
}
