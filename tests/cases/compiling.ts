/** What bench/compile.mjs measures: the parts of the compiler on one training step. */
import { encode } from "../../src/compile/encode.ts";
import type { Instruction } from "../../src/compile/instruction.ts";
import { lower } from "../../src/compile/lower.ts";
import { nodesOf } from "../../src/compile/memory/nodes.ts";
import { type Plan, type PlanInput, plan } from "../../src/compile/memory/plan.ts";
import { planWithin } from "../../src/compile/recompute/within.ts";
import { verify } from "../../src/compile/verify/verify.ts";
import { rewrites } from "../../src/graph/primitives/fuse.ts";
import { rewrite } from "../../src/graph/rewrite.ts";
import { schedule } from "../../src/graph/schedule.ts";

export { trainingChain } from "./chains.ts";

type Part = readonly [name: string, run: () => unknown];

/** Each part of the compiler by name, to be run in this order. */
export function parts(input: PlanInput): Part[] {
  const roots = input.order.filter((value) => value.op.effect || input.pinned.has(value));
  let planned: Plan;
  let method: Instruction[];
  const segments = () => ({ ...ROOM, arena: planned.arenaBytes });
  const given = () => [...planned.places.values()].filter(({ segment }) => segment === "parameters");
  const bases = { ...ROOM, arena: 0 };
  return [
    ["rewrite", () => rewrite(roots, rewrites())],
    ["schedule", () => schedule(roots)],
    ["plan", () => (planned = plan(input))],
    ["lower", () => (method = lower(input.order, planned.places))],
    ["verify", () => verify(method, segments(), given())],
    ["encode", () => encode(method, bases)],
  ];
}

/** Segments that are large enough for any of these steps. */
const ROOM = { parameters: 2 ** 30, gradients: 2 ** 30, slots: 0, scratch: 0 };

/** For each share of the natural arena what was found, and the work that it adds to the step's own. */
export function recomputations(input: PlanInput) {
  const natural = plan(input).arenaBytes;
  const work = nodesOf(input).reduce((sum, { cost }) => sum + cost, 0);
  return [0.75, 0.5, 0.35, 0.25].map((limit) => {
    const found = planWithin(input, limit * natural);
    if (!found.fits) throw new Error(`recomputations: ${limit} of the memory is too little.`);
    return { limit, arena: found.plan.arenaBytes / natural, work: found.cost / work };
  });
}
