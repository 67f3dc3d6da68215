import { normalizeKinds } from "./facts/normalize.js";
import { stepKinds } from "./facts/step.js";
import { type Instruction, isPlace, type Place } from "./instruction.js";

/**
 * What part of a training step an instruction belongs to: `forward` is what the loss and the metrics are made of,
 * `backward` what gradients are made of beside that, values that are computed again among it, `update` what moves weights
 * and running averages.
 */
export type Stage = "forward" | "backward" | "update";

/**
 * The stage of each instruction of a method, followed backwards from what is reported and from the gradients. All of a
 * method without reports is forward.
 */
export function stagesOf(method: readonly Instruction[]): Stage[] {
  const isReported = method.some(({ kind }) => kind.op === stepKinds.Report.op);
  if (!isReported) return method.map(() => "forward");
  const averaged = new Set(method.flatMap(averageOf));
  const needed = { forward: new Set<number>(), backward: new Set<number>() };
  const stages: Stage[] = [];
  for (const one of [...method].reverse()) {
    const result = placeOf(one, one.kind.result);
    const isNeeded = (stage: "forward" | "backward") =>
      result !== undefined && needed[stage].has(result.content);
    const isGradient = result?.segment === "gradients" && !averaged.has(result.offset);
    let stage: Stage = "update";
    if (isNeeded("forward") || one.kind.op === stepKinds.Report.op) stage = "forward";
    else if (isNeeded("backward") || isGradient) stage = "backward";
    stages.unshift(stage);
    if (stage === "update") continue;
    for (const field of one.kind.reads) {
      const place = placeOf(one, field);
      if (place !== undefined) needed[stage].add(place.content);
    }
  }
  return stages;
}

function placeOf({ operands }: Instruction, field: string | null): Place | undefined {
  const operand = field === null ? null : (operands[field] ?? null);
  return operand !== null && isPlace(operand) ? operand : undefined;
}

/** Where what a running average moves towards lies among the gradients. */
function averageOf(one: Instruction): number[] {
  if (one.kind.op !== normalizeKinds.RunningAverage.op) return [];
  const value = placeOf(one, "value");
  return value === undefined ? [] : [value.offset];
}
