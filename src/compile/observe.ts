/** The training step with measurements of what it goes through. They change nothing, so it makes the same bits. */

import { Activation } from "../../assembly/isa/matmul.js";
import { type Parameter, type SourceAttributes, source } from "../graph/primitives/step/source.js";
import { ROWS, sizeOf } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { elementwiseKinds } from "./facts/elementwise.js";
import { stepKinds } from "./facts/step.js";
import { type Instruction, instruction, isPlace, type Place, WHOLE_SEGMENT } from "./instruction.js";

/** How the results of a layer may go wrong: units that are always 0, or elements at the ends of their range. */
export type Range = "relu" | "sigmoid" | "tanh" | "other";

/** What an entry of the statistics is of. */
export interface Measured {
  readonly what: "input" | "target" | "result" | "gradient" | "weight" | "update";
  /** Of an input, target or result the layer's name, else the parameter's. */
  readonly name: string;
  readonly range: Range;
  /** Columns that units are counted by. */
  readonly units: number;
  /** Whether weights multiply it as it is: an input that is normalized first, or is an index, may be as large as it likes. */
  readonly isMultiplied: boolean;
}

export interface Observed {
  readonly method: readonly Instruction[];
  readonly measured: readonly Measured[];
}

/** Outputs of an activation that count as saturated: where it is as good as flat. */
const ENDS: Readonly<Record<Range, readonly [low: number, high: number]>> = {
  relu: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  sigmoid: [0.01, 0.99],
  tanh: [-0.99, 0.99],
  other: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
};

const RANGES: ReadonlyMap<Activation, Range> = new Map<Activation, Range>([
  [Activation.Relu, "relu"],
  [Activation.Sigmoid, "sigmoid"],
  [Activation.Tanh, "tanh"],
]);

function rangeOf({ op: { name }, attributes }: Value): Range {
  if (name === "relu" || name === "sigmoid" || name === "tanh") return name;
  const { activation = Activation.None } = (attributes ?? {}) as { readonly activation?: Activation };
  return RANGES.get(activation) ?? "other";
}

/** The values that weights multiply, or that are passed on to where they do. */
function multiplied(order: readonly Value[]): ReadonlySet<Value> {
  const found = new Set<Value>();
  for (const value of [...order].reverse()) {
    const { op, inputs } = value;
    const passes = (op.view || op.role === "passes") && found.has(value);
    if (passes || op.role === "multiplies") for (const one of inputs) found.add(one);
  }
  return found;
}

/** The layers of the step that are none of the network's. */
const BESIDE = ["loss", "metrics"];

/** What a source holds; undefined for what is none. An input may have any name. */
function givenBy({ op, attributes }: Value, inputs: number): "input" | "target" | undefined {
  if ((op as unknown) !== source) return undefined;
  return (attributes as SourceAttributes).slot < inputs ? "input" : "target";
}

/** What the forward pass has: the targets, and for each layer the value that others use, in the order of computation. */
function resultsOf(forward: readonly Value[], inputs: number): Value[] {
  const results = new Map<string, Value>();
  const used = new Set(forward.flatMap(({ inputs, layer }) => inputs.filter((one) => one.layer !== layer)));
  const indices = new Set(forward.flatMap(({ op, inputs }) => (op.role === "indexes" ? inputs : [])));
  const isTarget = (value: Value) => givenBy(value, inputs) === "target";
  for (const value of forward) {
    if (isTarget(value)) continue;
    const fits = value.shape[0] === ROWS && !BESIDE.includes(value.layer) && !indices.has(value);
    if (fits && (used.has(value) || !used.has(results.get(value.layer) as Value))) {
      results.set(value.layer, value);
    }
  }
  return [...forward.filter(isTarget), ...results.values()];
}

interface ObserveInput {
  readonly train: readonly Instruction[];
  readonly order: readonly Value[];
  /** How many sources are inputs. */
  readonly inputs: number;
  readonly places: ReadonlyMap<Value, Place>;
  /** Parameters that are trained, and where the sum of their gradients lies. */
  readonly gradients: readonly {
    readonly one: Parameter;
    readonly weight: Place;
    readonly gradient: Place;
  }[];
  /** Whether what the update adds is measured: the arena, idle by then, has room for a copy of all of them. */
  readonly updates: boolean;
}

/** Puts measurements behind the instructions that make what they measure. */
export function observe(input: ObserveInput): Observed {
  const { train } = input;
  const measurements = new Measurements();
  measureResults(input, measurements);
  const checked = train.findIndex(({ kind }) => (kind as unknown) === stepKinds.GradientNorm) + 1;
  for (const one of input.gradients) measureParameter(one, checked, input, measurements);
  return { method: measurements.into(train), measured: measurements.measured };
}

/** Instructions to be put before those of a method, by their number, and what they measure. */
class Measurements {
  readonly measured: Measured[] = [];
  readonly #before = new Map<number, Instruction[]>();

  insert(index: number, instruction: Instruction): void {
    this.#before.set(index, [...(this.#before.get(index) ?? []), instruction]);
  }

  measure(index: number, x: Place, outer: Place["size"], entry: Measured): void {
    this.insert(index, measurement(x, outer, entry, this.measured.length));
    this.measured.push(entry);
  }

  into(method: readonly Instruction[]): Instruction[] {
    return [...method, undefined].flatMap((instruction, i) => [
      ...(this.#before.get(i) ?? []),
      ...(instruction === undefined ? [] : [instruction]),
    ]);
  }
}

function measureResults({ train, order, inputs, places }: ObserveInput, measurements: Measurements): void {
  const forward = order.slice(0, order.findLastIndex(({ op }) => op.effect) + 1);
  const large = multiplied(forward);
  for (const value of resultsOf(forward, inputs)) {
    const place = places.get(value) as Place;
    const index = train.findIndex(({ operands }) => isResult(Object.values(operands)[0], place));
    if (index < 0) continue;
    const units = value.shape.length > 1 ? (value.shape.at(-1) as number) : 1;
    const outer = sizeOf(value.shape.slice(0, value.shape.length > 1 ? -1 : 1));
    measurements.measure(index + 1, place, outer, {
      what: givenBy(value, inputs) ?? "result",
      name: value.layer,
      range: rangeOf(value),
      units,
      isMultiplied: large.has(value),
    });
  }
}

const ONE = { factor: 1, perRow: false };

/** @param checked number of the instruction behind the norm of the gradient, where all gradients are known */
function measureParameter(
  { one, weight, gradient }: ObserveInput["gradients"][number],
  checked: number,
  { train, updates }: ObserveInput,
  measurements: Measurements,
): void {
  const entry = (what: Measured["what"]): Measured => ({
    what,
    name: one.name,
    range: "other",
    units: weight.size.factor,
    isMultiplied: false,
  });
  measurements.measure(checked, gradient, ONE, entry("gradient"));
  measurements.measure(checked, weight, ONE, entry("weight"));
  if (!updates) return;
  const copied: Place = { ...weight, segment: "arena" };
  measurements.insert(checked, copy(copied, weight));
  measurements.insert(train.length, difference(weight, copied));
  measurements.measure(train.length, copied, ONE, entry("update"));
}

const isResult = (operand: unknown, place: Place) =>
  isPlace(operand as Place) &&
  (operand as Place).content === place.content &&
  place.content !== WHOLE_SEGMENT &&
  (operand as Place).segment === place.segment;

const measurement = (x: Place, outer: Place["size"], { range, units }: Measured, slot: number): Instruction =>
  instruction(stepKinds.Measure, "statistics", {
    x,
    outer: { count: outer },
    inner: { count: { factor: units, perRow: false } },
    low: { real: ENDS[range][0] },
    high: { real: ENDS[range][1] },
    slot,
  });

const copy = (y: Place, x: Place): Instruction =>
  instruction(elementwiseKinds.Copy, "statistics", {
    y,
    x,
    count: { count: x.size },
    alpha: { real: 0 },
    beta: { real: 0 },
  });

/** copy = weight − copy: what the update has added. */
function difference(weight: Place, copied: Place): Instruction {
  const count = { count: weight.size };
  const operands = {
    y: copied,
    a: weight,
    b: copied,
    outer: { count: { factor: 1, perRow: false } },
    inner: count,
    aOuter: count,
    aInner: 1,
    bOuter: count,
    bInner: 1,
  };
  return instruction(elementwiseKinds.Subtract, "statistics", operands);
}
