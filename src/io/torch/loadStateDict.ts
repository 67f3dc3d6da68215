import { FormatError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { take } from "../../check/schema.js";
import { formatShape, sameShape } from "../../graph/shape.js";
import { modelOf } from "../file/modelOf.js";
import { putNumbers } from "../snapshot/restore.js";
import { placesOf } from "../snapshot/take.js";
import type { SavedNumbers } from "../snapshot/tensors.js";
import type { GivenTensors } from "../tensors/newTensor.js";
import { tensorBytes } from "../tensors/newTensor.js";
import { converted, numbersOfBytes } from "../tensors/numbers.js";
import { openAnyTensors } from "../tensors/openTensors.js";
import type { TensorSource } from "../tensors/source.js";
import { type AllLimits, type TensorLimits, tensorLimits } from "../tensors/tensorFile.js";
import { fromTorch } from "./layout.js";
import { type TorchParameter, torchParameters } from "./parameters.js";
import { STATE, slotsOf, stateName } from "./slots.js";
import { suggestion } from "./suggestion.js";
import { STATE_DICT_OPTIONS, type StateDictOptions } from "./toStateDict.js";

export interface LoadStateDictOptions extends StateDictOptions {
  /** What the file may ask for at most: for files of strangers. */
  readonly limits?: TensorLimits;
}

/** What PyTorch counts in a batch norm, and nothing is computed from. */
const COUNTED = /(^|\.)num_batches_tracked$/;
/** Differences that are listed. */
const MOST = 100;

/** A tensor that there is, and how its numbers come. */
interface Found {
  readonly shape: readonly number[];
  numbers(): Promise<Float32Array<ArrayBuffer>>;
}

export async function loadStateDict(
  given: unknown,
  tensors: TensorSource | GivenTensors,
  options: LoadStateDictOptions = {},
): Promise<void> {
  const who = "loadStateDict";
  const { layers, optimizer, limits } = take(who, options, { ...STATE_DICT_OPTIONS, limits: tensorLimits });
  const state = modelOf(who, given);
  state.access.check(who);
  const { settings } = state;
  const placed = new Map(placesOf(state, state.machine(who)).map((one) => [one.name, one]));
  const parameters = torchParameters(who, settings.network, layers);
  const slots = optimizer ? slotsOf(who, settings.optimizer) : [];
  const { found, close } = await foundIn(who, tensors, limits);
  try {
    const own = parameters.map((one) => ({
      ...one,
      slots: placed.get(one.parameter.name)?.slots ? slots : [],
    }));
    checkAll(who, own, found, optimizer);
    const read = async (name: string) =>
      (await (found.get(name) as Found).numbers()) as Float32Array<ArrayBuffer>;
    const saved: (SavedNumbers & { readonly steps: number })[] = [];
    for (const { parameter, name, layout, slots } of own) {
      const values = [name, ...slots.map((slot) => stateName(name, slot))];
      const numbers: Float32Array[] = [];
      for (const one of values) numbers.push(fromTorch(finite(who, one, await read(one)), layout));
      const steps = slots.length > 0 ? stepsOf(who, name, await read(stateName(name, "step"))) : 0;
      saved.push({
        name: parameter.name,
        slots: slots.length,
        since: 0,
        shape: parameter.shape,
        numbers,
        kept: new Map(),
        steps,
      });
    }
    const step = saved.reduce((most, { steps }) => Math.max(most, steps), 0);
    // Nothing is changed before all has been read; a `fit` may have begun since.
    state.access.check(who);
    const since = saved.map(({ steps, slots, ...one }) => ({
      ...one,
      slots,
      since: slots > 0 ? step - steps : 0,
    }));
    putNumbers(who, state, since, optimizer && slots.length > 0);
    if (optimizer && slots.length > 0) state.moveTo({ step, epochs: 0, progress: undefined });
  } finally {
    await close();
  }
}

/** The tensors of a file, or those that are given. @throws FormatError, OptionError */
async function foundIn(who: string, given: TensorSource | GivenTensors, limits: AllLimits) {
  const found = new Map<string, Found>();
  if (isTensors(given)) {
    for (const [name, one] of Object.entries(given)) {
      const { shape, dtype, bytes } = tensorBytes(who, name, one);
      const at = `${who}: ${describe(name)}`;
      const numbers = async () =>
        converted(at, numbersOfBytes(at, dtype, bytes.slice()) as ArrayLike<number | bigint>, "F32");
      found.set(name, { shape, numbers });
    }
    return { found, close: async () => undefined };
  }
  const file = await openAnyTensors(who, given, limits);
  for (const { name, shape } of file.tensors) {
    found.set(name, { shape, numbers: async () => (await file.read(name, { as: "F32" })).data });
  }
  return { found, close: file.close };
}

/** Plain objects of tensors. Of bytes, which have as many properties, nothing is looked at. */
function isTensors(given: unknown): given is GivenTensors {
  if (typeof given !== "object" || given === null || ArrayBuffer.isView(given)) return false;
  const prototype: unknown = Object.getPrototypeOf(given);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  if (!isPlain || typeof (given as { read?: unknown }).read === "function") return false;
  return Object.values(given).every((one) => Object(one) === one && "data" in one && "shape" in one);
}

/** @throws FormatError with all differences */
function checkAll(
  who: string,
  own: readonly (TorchParameter & { readonly slots: readonly string[] })[],
  found: ReadonlyMap<string, Found>,
  withOptimizer: boolean,
): void {
  const needed = new Map<string, readonly number[]>();
  for (const { name, layout, slots } of own) {
    needed.set(name, layout.shape);
    for (const slot of slots) needed.set(stateName(name, slot), layout.shape);
    if (slots.length > 0) needed.set(stateName(name, "step"), []);
  }
  const isCounted = (name: string) => !COUNTED.test(name) && (withOptimizer || !name.startsWith(STATE));
  const others = [...found.keys()].filter((name) => isCounted(name) && !needed.has(name));
  const lines = [
    ...[...needed].flatMap(([name, shape]) => {
      const got = found.get(name)?.shape;
      if (got !== undefined && sameShape(got, shape)) return [];
      return [`${describe(name)} is ${got ? formatShape(got) : "missing"}; needs ${formatShape(shape)}`];
    }),
    ...others.map((name) => `${describe(name)} is of no parameter of the network`),
  ];
  if (lines.length === 0) return;
  const more = lines.length > MOST ? `\n… and ${lines.length - MOST} more` : "";
  const all = lines.slice(0, MOST).join("\n");
  throw new FormatError(
    `${who}: the tensors do not fit the network, and nothing was loaded:\n${all}${more}${suggestion(own, found)}`,
  );
}

function finite(who: string, name: string, numbers: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const odd = numbers.findIndex((x) => !Number.isFinite(x));
  if (odd < 0) return numbers;
  throw new FormatError(`${who}: ${describe(name)}[${odd}] is ${numbers[odd]}; needs a finite number.`);
}

function stepsOf(who: string, name: string, [steps = Number.NaN]: Float32Array): number {
  if (Number.isInteger(steps) && steps >= 0) return steps;
  throw new FormatError(`${who}: ${describe(stateName(name, "step"))} is ${steps}; needs a number of steps.`);
}
