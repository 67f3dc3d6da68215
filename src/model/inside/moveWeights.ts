import { numberOf } from "../../check/kinds.js";
import { leased } from "../leased.js";
import type { ModelState } from "../state.js";
import { checkedWeights, type NewWeight } from "../weights.js";

const shareKind = numberOf("a number in (0, 1]", (part) => part > 0 && part <= 1)();

/** See Model.moveWeights. */
export async function moveWeights(
  state: ModelState,
  weights: Readonly<Record<string, NewWeight>>,
  share: number,
): Promise<void> {
  const who = "moveWeights";
  state.machine(who);
  state.access.check(who);
  shareKind(who, "share", share);
  const checked = checkedWeights(who, state, weights);
  await leased(state, who, async () => {
    const machine = state.machine(who);
    for (const { one, values } of checked) {
      const place = machine.program.parameters.get(one);
      if (place === undefined) continue;
      const from = machine.floats(place, values.length);
      machine.write(
        place,
        from.map((value, i) => value + share * ((values[i] as number) - value)),
      );
    }
  });
}
