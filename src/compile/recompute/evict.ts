import { Heap } from "../memory/heap.js";
import type { Node } from "../memory/nodes.js";

/** Neighbors whose loss counts when a value is dropped: what is farther off changes little. */
const NEIGHBORS = 64;

/** A value, as it was offered for dropping that time. */
interface Candidate {
  readonly number: number;
  readonly time: number;
}

/** Which values live while a method is walked through, and which are dropped when there is no room. */
export class Eviction {
  /** The instruction that the walk has come to. */
  now = 0;
  readonly #nodes: readonly Node[];
  readonly #budget: number;
  readonly #live = new Set<number>();
  /** Those of the living that may be dropped, by what that cost when it was last looked at, and others no longer so. */
  readonly #candidates = new Heap<Candidate>();
  /** What dropping each would cost, when that was last looked at. */
  readonly #cost: Float64Array;
  /** How often each has been offered: only the last time counts. */
  readonly #times: Int32Array;
  /** How many computations that are under way will read each. */
  readonly #locks: Int32Array;
  /** Which of its users each is needed by next. */
  readonly #next: Int32Array;
  #bytes = 0;

  constructor(nodes: readonly Node[], budgetBytes: number) {
    this.#nodes = nodes;
    this.#budget = budgetBytes;
    this.#locks = new Int32Array(nodes.length);
    this.#next = new Int32Array(nodes.length);
    this.#cost = new Float64Array(nodes.length);
    this.#times = new Int32Array(nodes.length);
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
      this.settle(input);
    }
  }

  /** Makes room for a value whose inputs all live. */
  enter(i: number): void {
    const { bytes, cost, reusable } = this.#node(i);
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
    // Its neighbors may be about to be computed again too, so at first its own cost alone counts.
    this.#cost[i] = cost;
  }

  /** After a value was computed or read: drops it if it is not needed again, offers it for dropping if it is later. */
  settle(i: number): void {
    const { bytes, stays, repeatable } = this.#node(i);
    if (this.#locks[i] !== 0 || stays) return;
    if (this.#nextUse(i) === undefined) {
      this.#drop(i);
    } else if (repeatable && bytes > 0) {
      const time = (this.#times[i] as number) + 1;
      this.#times[i] = time;
      this.#candidates.push(this.#score(i), { number: i, time });
    }
  }

  #node(i: number): Node {
    return this.#nodes[i] as Node;
  }

  #drop(i: number): void {
    if (!this.#live.delete(i)) return;
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
   * What is cheapest to drop. As the next use comes near and neighbors go, scores grow, so those in the heap are lower
   * bounds: that of the apparent winner is brought up to date until one wins with it.
   */
  #cheapest(): number | undefined {
    const candidates = this.#candidates;
    const looked = new Set<number>();
    for (let one = candidates.pop(); one !== undefined; one = candidates.pop()) {
      const { number } = one;
      // What is locked now is offered again when it no longer is.
      if (!this.isLive(number) || this.#times[number] !== one.time || this.#locks[number] !== 0) continue;
      if (this.#score(number) <= candidates.least && !looked.has(number)) {
        looked.add(number);
        this.#cost[number] = this.#costOfDropping(number);
      }
      const score = this.#score(number);
      if (score <= candidates.least) return number;
      candidates.push(score, one);
    }
    return undefined;
  }

  /** Cost of dropping it, for its bytes and for how long they would be free. */
  #score(i: number): number {
    const distance = (this.#nextUse(i) ?? this.now + 1) - this.now;
    return (this.#cost[i] as number) / (this.#node(i).bytes * distance);
  }

  /** The cost of computing it again together with all that is gone and hangs together with it: e* of Kirisame et al. */
  #costOfDropping(i: number): number {
    const gone = new Set<number>([i]);
    let cost = this.#node(i).cost;
    const walk = (neighbors: (node: Node) => readonly number[], counts: (i: number) => boolean) => {
      const stack = [i];
      const limit = gone.size + NEIGHBORS;
      for (let one = stack.pop(); one !== undefined && gone.size < limit; one = stack.pop()) {
        for (const other of neighbors(this.#node(one))) {
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
