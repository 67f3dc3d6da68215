import type { Node } from "./lives.js";

/** Neighbours whose loss counts when a value is dropped: what is farther off changes little. */
const NEIGHBOURS = 64;

/** Which values live while a method is walked through, and which are dropped when there is no room. */
export class Eviction {
  /** The instruction that the walk has come to. */
  now = 0;
  readonly #nodes: readonly Node[];
  readonly #budget: number;
  readonly #live = new Set<number>();
  /** Those of the living that may be dropped. */
  readonly #droppable = new Set<number>();
  /** How many computations that are under way will read each. */
  readonly #locks: Int32Array;
  /** Which of its users each is needed by next. */
  readonly #next: Int32Array;
  /** What dropping each would cost, when that was last looked at. */
  readonly #cost: Float64Array;
  #bytes = 0;

  constructor(nodes: readonly Node[], budgetBytes: number) {
    this.#nodes = nodes;
    this.#budget = budgetBytes;
    this.#locks = new Int32Array(nodes.length);
    this.#next = new Int32Array(nodes.length);
    this.#cost = new Float64Array(nodes.length);
  }

  isLive(i: number): boolean {
    return this.#live.has(i);
  }

  lock(inputs: readonly number[]): void {
    for (const input of inputs) this.#locks[input] = (this.#locks[input] as number) + 1;
  }

  unlock(inputs: readonly number[]): void {
    for (const input of inputs) {
      this.#locks[input] = (this.#locks[input] as number) - 1;
      this.#dropUnneeded(input);
    }
  }

  /** Makes room for a value whose inputs all live. */
  enter(i: number): void {
    const { bytes, reusable } = this.#node(i);
    // The last use of an input leaves its buffer to the result.
    const isLast = (input: number) =>
      this.#locks[input] === 1 && !this.#node(input).stays && this.#nextUse(input) === undefined;
    const needed = reusable.some(isLast) ? 0 : bytes;
    while (this.#bytes + needed > this.#budget) {
      const dropped = this.#cheapest();
      if (dropped === undefined) break;
      this.#drop(dropped);
    }
    this.#live.add(i);
    this.#bytes += bytes;
    const { stays, repeatable } = this.#node(i);
    if (!stays && repeatable && bytes > 0) this.#droppable.add(i);
    this.#cost[i] = this.#node(i).cost;
  }

  /** Drops a value that has been computed and is not needed again. */
  leave(i: number): void {
    this.#dropUnneeded(i);
  }

  #node(i: number): Node {
    return this.#nodes[i] as Node;
  }

  #dropUnneeded(i: number): void {
    if (this.#locks[i] === 0 && !this.#node(i).stays && this.#nextUse(i) === undefined) this.#drop(i);
  }

  #drop(i: number): void {
    if (!this.#live.delete(i)) return;
    this.#droppable.delete(i);
    this.#bytes -= this.#node(i).bytes;
  }

  /** The first user after the present one. */
  #nextUse(i: number): number | undefined {
    const { users } = this.#node(i);
    while ((users[this.#next[i] as number] ?? Number.POSITIVE_INFINITY) <= this.now) {
      this.#next[i] = (this.#next[i] as number) + 1;
    }
    return users[this.#next[i] as number];
  }

  /**
   * What is cheapest to drop. Costs grow as neighbours are dropped, so those of earlier are lower bounds as a rule: only
   * that of the apparent winner is computed anew, until it wins with it.
   */
  #cheapest(): number | undefined {
    const looked = new Set<number>();
    for (;;) {
      let best: number | undefined;
      let least = Number.POSITIVE_INFINITY;
      for (const i of this.#droppable) {
        const use = this.#nextUse(i);
        if (this.#locks[i] !== 0 || use === undefined) continue;
        const score = (this.#cost[i] as number) / (this.#node(i).bytes * (use - this.now));
        if (score < least) {
          least = score;
          best = i;
        }
      }
      if (best === undefined || looked.has(best)) return best;
      looked.add(best);
      this.#cost[best] = this.#costOfDropping(best);
    }
  }

  /** The cost of computing it again together with all that is gone and hangs together with it: e* of Kirisame et al. */
  #costOfDropping(i: number): number {
    const gone = new Set<number>([i]);
    let cost = this.#node(i).cost;
    const walk = (neighbours: (node: Node) => readonly number[], counts: (i: number) => boolean) => {
      const stack = [i];
      const limit = gone.size + NEIGHBOURS;
      for (let one = stack.pop(); one !== undefined && gone.size < limit; one = stack.pop()) {
        for (const other of neighbours(this.#node(one))) {
          if (other > this.now || this.#live.has(other) || gone.has(other)) continue;
          gone.add(other);
          stack.push(other);
          if (counts(other)) cost += this.#node(other).cost;
        }
      }
    };
    walk(
      ({ inputs }) => inputs,
      () => true,
    );
    walk(
      ({ users }) => users,
      (other) => this.#nextUse(other) !== undefined,
    );
    return cost;
  }
}
