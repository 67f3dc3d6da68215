import { Method } from "../../assembly/isa/control.js";
import { DivergedError, UPDATE } from "../check/errors.js";
import type { Machine } from "../runtime/machine.js";
import type { RunReply } from "../runtime/port.js";

/** The error for the step that a run stopped at: it names the layer of the first result that is not finite. */
export function divergedError(machine: Machine, reply: RunReply, learningRate: number): DivergedError {
  const { loss = Number.NaN, gradientNorm = Number.NaN } = reply.stop ?? {};
  const layer = machine.stoppedAt(Method.Train, reply)?.layer ?? UPDATE;
  return new DivergedError({ step: machine.step, loss, gradientNorm, learningRate, layer });
}
