import { Method } from "../../../assembly/isa/control.js";
import type { Instruction, SegmentBytes } from "../instruction.js";
import { isGiven, type PlannedMethod, type Plans } from "../plans.js";
import { verify } from "./verify.js";

/** Checks the methods of a program. @throws Error: a fault of the compiler */
export function verifyMethods(
  { train, evaluate, predict }: Plans,
  methods: readonly (readonly Instruction[])[],
  segments: SegmentBytes,
): void {
  const verifyPlanned = (method: Method, { plan }: PlannedMethod) => {
    const given = [...plan.places].flatMap(([value, place]) => (isGiven(value) ? [place] : []));
    verify(methods[method] as Instruction[], segments, given);
  };
  verifyPlanned(Method.Train, train);
  verifyPlanned(Method.Evaluate, evaluate);
  verifyPlanned(Method.Predict, predict);
  verify(methods[Method.Initialize] as Instruction[], segments, []);
}
