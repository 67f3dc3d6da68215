import type { Place } from "../instruction.js";

/** Below a node not all belongs to one. */
const MIXED = -1;
/** Nobody has written it. */
const NOBODY = -2;

/**
 * Which content each range of a segment holds. The places that will ever be written or read part the segment into
 * ranges, and a tree over these holds one owner wherever all below a node have the same: O(log n) for each question.
 */
export class Owners {
  /** The ends of the ranges, sorted. */
  readonly #ends: Float64Array;
  readonly #leaves: number;
  readonly #owner: Int32Array;
  readonly #written: Place[] = [];

  /** @param places all that will be asked about: places of one segment */
  constructor(places: readonly Place[]) {
    const ends = places.flatMap(({ offset, bytes }) => [offset, offset + bytes]);
    this.#ends = Float64Array.from(new Set(ends)).sort();
    this.#leaves = 1 << (32 - Math.clz32(this.#ends.length));
    this.#owner = new Int32Array(2 * this.#leaves).fill(NOBODY);
  }

  write(place: Place): void {
    const writer = this.#written.push(place) - 1;
    this.#visit(place, (node) => {
      this.#owner[node] = writer;
    });
  }

  /** Whether a place holds, whole and untouched, what was written as its content. */
  owns({ content, offset, bytes }: Place): boolean {
    let owner: number | undefined;
    this.#visit({ offset, bytes }, (node) => {
      const found = this.#owner[node] as number;
      owner = owner === undefined || owner === found ? found : MIXED;
    });
    // A place without bytes holds all that it should.
    if (owner === undefined) return true;
    const place = this.#written[owner];
    return (
      place !== undefined && place.content === content && place.offset === offset && place.bytes === bytes
    );
  }

  /** Calls `visit` for the nodes that stand for a range together, and makes those above them true again. */
  #visit({ offset, bytes }: Pick<Place, "offset" | "bytes">, visit: (node: number) => void): void {
    if (bytes === 0) return;
    const first = this.#leaves + this.#indexOf(offset);
    const end = this.#leaves + this.#indexOf(offset + bytes);
    const partly = this.#partlyInside(first, end);
    for (const node of partly) this.#pushDown(node);
    let low = first;
    let high = end;
    for (; low < high; low >>= 1, high >>= 1) {
      if (low & 1) visit(low++);
      if (high & 1) visit(--high);
    }
    for (const node of partly.reverse()) this.#pullUp(node);
  }

  /** The nodes that lie inside the range in part, those above first. */
  #partlyInside(first: number, end: number): number[] {
    const nodes: number[] = [];
    for (let shift = 31 - Math.clz32(first); shift > 0; shift--) {
      const [left, right] = [first >> shift, (end - 1) >> shift];
      if (left << shift !== first) nodes.push(left);
      if ((right + 1) << shift !== end && right !== nodes.at(-1)) nodes.push(right);
    }
    return nodes;
  }

  /** Hands the owner of all below a node to both halves. */
  #pushDown(node: number): void {
    const owner = this.#owner[node] as number;
    if (owner === MIXED) return;
    this.#owner[2 * node] = owner;
    this.#owner[2 * node + 1] = owner;
  }

  #pullUp(node: number): void {
    const [left, right] = [this.#owner[2 * node] as number, this.#owner[2 * node + 1] as number];
    this.#owner[node] = left === right ? left : MIXED;
  }

  #indexOf(end: number): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ends[middle] as number) < end) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
