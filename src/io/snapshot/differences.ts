/** What differs between two descriptions of a model, in words. */
import { describe } from "../../check/options.js";
import type { NetworkDescription, NodeDescription, Plain } from "../../model/description.js";

/** Options that say nothing of what a layer predicts. */
const TRAINING = /^momentum$|(Regularizer|Constraint|[dD]ropout)$/;

const isRecord = (x: unknown): x is Readonly<Record<string, Plain>> =>
  typeof x === "object" && x !== null && !Array.isArray(x);

function shown(value: Plain | undefined): string {
  if (value === undefined) return "a function or nothing";
  return typeof value === "object" ? JSON.stringify(value).slice(0, 80) : describe(value);
}

/** Values that differ, each with its place: `learningRate is 0.1 in the snapshot, 0.01 here`. */
export function differencesOf(there: Plain | undefined, here: Plain | undefined, at: string): string[] {
  if (isRecord(there) && isRecord(here)) {
    const path = (key: string) => (key === "options" ? at : at.endsWith(" ") ? at + key : `${at}.${key}`);
    return [...new Set([...Object.keys(there), ...Object.keys(here)])].flatMap((key) =>
      differencesOf(ownOf(there, key), ownOf(here, key), path(key)),
    );
  }
  if (Array.isArray(there) && Array.isArray(here) && there.length === here.length) {
    return there.flatMap((one, i) => differencesOf(one, here[i], `${at}[${i}]`));
  }
  const isSame = JSON.stringify(there) === JSON.stringify(here);
  return isSame ? [] : [`${at} is ${shown(there)} in the snapshot, ${shown(here)} here`];
}

const ownOf = (record: Readonly<Record<string, Plain>>, key: string) =>
  Object.hasOwn(record, key) ? record[key] : undefined;

/** A network as far as predictions depend on it: without what is inert, and without what only training looks at. */
export function predicting({ nodes, inputs, outputs }: NetworkDescription): NetworkDescription {
  const places: number[] = [];
  const kept: NodeDescription[] = [];
  for (const { from, options, isInert, ...node } of nodes) {
    const moved = from.map((one) => places[one] ?? -1);
    places.push(isInert ? (moved[0] ?? -1) : kept.length);
    if (isInert) continue;
    const fields = Object.entries(isRecord(options) ? options : {}).filter(([key]) => !TRAINING.test(key));
    kept.push({ ...node, from: moved, options: Object.fromEntries(fields) });
  }
  const moved = (ends: Plain): Plain =>
    isRecord(ends)
      ? Object.fromEntries(Object.entries(ends).map(([name, one]) => [name, places[Number(one)] ?? -1]))
      : ends;
  return { nodes: kept, inputs: moved(inputs), outputs: moved(outputs) };
}

/** Nodes one by one, up to the first that is another layer: behind it all are shifted. */
export function networkDifferences(there: NetworkDescription, here: NetworkDescription): string[] {
  const differences: string[] = [];
  for (let i = 0; i < Math.max(there.nodes.length, here.nodes.length); i++) {
    const [one, other] = [there.nodes[i], here.nodes[i]];
    if (one?.kind !== other?.kind || one === undefined || other === undefined) {
      const kindOf = (node: NodeDescription | undefined) => (node === undefined ? "missing" : describe(node.kind));
      return [...differences, `layer ${i} is ${kindOf(one)} in the snapshot, ${kindOf(other)} here`];
    }
    const { kind, isInert: _, ...rest } = one;
    const { kind: __, isInert: ___, ...own } = other;
    differences.push(...differencesOf(rest as Plain, own as Plain, `layer ${i} (${kind}): `));
  }
  return [
    ...differences,
    ...differencesOf(there.inputs, here.inputs, "inputs"),
    ...differencesOf(there.outputs, here.outputs, "outputs"),
  ];
}
