import type { WiredNode } from "../wiring.js";

/** Pixels that a column of neurons needs to be told from the next. */
const NARROWEST = 80;

/** Nodes by how far they are from the inputs, on the longest way; by their places. */
export function columnsOf(nodes: readonly WiredNode[]): readonly (readonly number[])[] {
  const depths: number[] = [];
  const columns: number[][] = [];
  nodes.forEach(({ from }, i) => {
    const depth = from.reduce((most, one) => Math.max(most, (depths[one] as number) + 1), 0);
    depths.push(depth);
    columns[depth] ??= [];
    columns[depth].push(i);
  });
  return columns;
}

/** Numbers that a node makes of a row. */
export const unitsOf = ({ shape }: WiredNode): number => shape[1] as number;

/** Why a network cannot be drawn neuron by neuron; undefined where it can. */
export function reasonForBlocks(
  nodes: readonly WiredNode[],
  columns: readonly (readonly number[])[],
  most: number,
  width: number,
): string | undefined {
  const odd = nodes.find(({ shape }) => shape.length !== 2 || (shape[1] as number) < 1);
  if (odd !== undefined) {
    const made = `[${odd.shape.map((axis) => (axis < 0 ? "rows" : axis)).join(", ")}]`;
    return `"${odd.layer}" makes ${made} and no row of neurons`;
  }
  const large = nodes.find((one) => unitsOf(one) > most);
  if (large !== undefined) {
    return `"${large.layer}" has ${unitsOf(large)} neurons, and at most ${most} are drawn one by one`;
  }
  const room = Math.floor(width / NARROWEST);
  if (columns.length > room)
    return `it is ${columns.length} layers deep, and ${width} pixels have room for ${room}`;
  const crowd = columns.find(
    (column) => column.reduce((sum, i) => sum + unitsOf(nodes[i] as WiredNode), 0) > 2 * most,
  );
  return crowd && `${crowd.length} layers side by side have more than ${2 * most} neurons`;
}
