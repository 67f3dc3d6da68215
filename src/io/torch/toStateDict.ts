import { flag } from "../../check/kinds.js";
import { take } from "../../check/schema.js";
import { modelOf } from "../file/modelOf.js";
import { elementsOf, placesOf } from "../snapshot/take.js";
import type { GivenTensor } from "../tensors/newTensor.js";
import { toTorch } from "./layout.js";
import { type TorchNames, torchNames, torchParameters } from "./parameters.js";
import { slotsOf, stateName } from "./slots.js";

export interface StateDictOptions {
  /** What modules are called there that layers are called otherwise here; default the names of the layers, with dots. */
  readonly layers?: TorchNames;
  /** true: also what the optimizer keeps; default false. */
  readonly optimizer?: boolean;
}

/** Tensors by their names in PyTorch. */
export type StateDict = {
  readonly [name: string]: GivenTensor & { readonly data: Float32Array<ArrayBuffer> };
};

export const STATE_DICT_OPTIONS = { layers: torchNames, optimizer: flag(false) };

export function toStateDict(given: unknown, options: StateDictOptions = {}): StateDict {
  const who = "toStateDict";
  const { layers, optimizer } = take(who, options, STATE_DICT_OPTIONS);
  const state = modelOf(who, given);
  const machine = state.machine(who);
  const { settings, standing } = state;
  const placed = new Map(placesOf(state, machine).map((one) => [one.name, one]));
  const slots = optimizer ? slotsOf(who, settings.optimizer) : [];
  const found: Record<string, StateDict[string]> = {};
  for (const { parameter, name, layout } of torchParameters(who, settings.network, layers)) {
    const one = placed.get(parameter.name);
    if (one === undefined) continue;
    const numbers = one.places.map((place) => toTorch(machine.floats(place, elementsOf(one)), layout));
    const tensor = (data: Float32Array<ArrayBuffer> | undefined) => ({
      dtype: "F32" as const,
      shape: layout.shape,
      data: data as Float32Array<ArrayBuffer>,
    });
    found[name] = tensor(numbers[0]);
    if (one.slots === 0 || slots.length === 0) continue;
    found[stateName(name, "step")] = {
      dtype: "F32",
      shape: [],
      data: Float32Array.of(standing.step - one.since),
    };
    slots.forEach((slot, i) => {
      found[stateName(name, slot)] = tensor(numbers[i + 1]);
    });
  }
  return found;
}
