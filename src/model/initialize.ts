import { Method } from "../../assembly/isa/control.js";
import { parameterElements } from "../compile/graphs.js";
import type { Parameter } from "../graph/primitives/step/source.js";
import { type Machine, startPass } from "../runtime/machine.js";

/** Gives all parameters of a program their first values. */
export async function initialize(machine: Machine, parameters: readonly Parameter[]): Promise<void> {
  const staged = { rows: 1, epochRows: 0, sources: [], order: 0 };
  await machine.run(Method.Initialize, { staged, pass: startPass(), batchRows: 1, steps: 1 });
  await machine.port.refresh();
  for (const one of parameters) {
    const place = machine.program.parameters.get(one);
    if (one.initial.finish === undefined || place === undefined) continue;
    const drawn = machine.floats(place, parameterElements(one)).slice();
    machine.write(place, await one.initial.finish(drawn, one.shape));
  }
}
