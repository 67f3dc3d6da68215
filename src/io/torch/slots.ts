/** What optimizers keep, as PyTorch's keep it. */
import { UnsupportedError } from "../../check/errors.js";
import type { Optimizer } from "../../optimizers/optimizer.js";

const flag = (value: unknown, name: string): string[] => (value ? [name] : []);

/** The slots by their names there, in the order in which they are here. */
const SLOTS: Readonly<Record<string, (options: Optimizer["options"]) => string[]>> = {
  sgd: ({ momentum }) => flag(momentum, "momentum_buffer"),
  adam: ({ amsgrad }) => ["exp_avg", "exp_avg_sq", ...flag(amsgrad, "max_exp_avg_sq")],
  adamW: ({ amsgrad }) => ["exp_avg", "exp_avg_sq", ...flag(amsgrad, "max_exp_avg_sq")],
  adagrad: () => ["sum"],
  rmsprop: ({ centered, momentum }) => [
    "square_avg",
    ...flag(centered, "grad_avg"),
    ...flag(momentum, "momentum_buffer"),
  ],
  adadelta: () => ["square_avg", "acc_delta"],
  adamax: () => ["exp_avg", "exp_inf"],
  radam: () => ["exp_avg", "exp_avg_sq"],
};

/** @throws UnsupportedError for an optimizer that PyTorch has not, or whose state is another there */
export function slotsOf(who: string, { name, options }: Optimizer): readonly string[] {
  const slots = Object.hasOwn(SLOTS, name) ? SLOTS[name] : undefined;
  if (slots !== undefined) return slots(options);
  throw new UnsupportedError(
    `${who}: the state of ${name} is none that PyTorch has; needs one of ${Object.keys(SLOTS).join(", ")}. Leave out { optimizer: true }.`,
  );
}

/** As `torch.distributed.checkpoint.state_dict` flattens the state of an optimizer, with its own prefix before it. */
export const STATE = "optimizer.state.";
export const stateName = (parameter: string, slot: string): string => `${STATE}${parameter}.${slot}`;
