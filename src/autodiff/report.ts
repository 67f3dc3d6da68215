import { printed } from "../check/printed.js";
import { formatShape, type Shape } from "../graph/shape.js";

/** One number of a gradient, as the engine has it and as it should be. */
export interface CheckedElement {
  /** The parameter, or the input of a function. */
  readonly parameter: string;
  /** Where in it, along each axis. */
  readonly index: readonly number[];
  readonly engine: number;
  /** The finite difference of the loss in f64. */
  readonly expected: number;
  /** |engine − expected|, relative to the largest gradient of the parameter: see `tolerance`. */
  readonly error: number;
}

/** What the check found for one parameter, or one input of a function. */
export interface CheckedParameter {
  readonly name: string;
  readonly shape: Shape;
  readonly elements: number;
  /** Elements that were compared. */
  readonly checked: number;
  /** Elements that were passed over because the loss has no derivative there. */
  readonly kinks: number;
  readonly passed: boolean;
  /** The largest error. */
  readonly error: number;
  /** Where it is; undefined when nothing was compared. */
  readonly worst: CheckedElement | undefined;
}

/** What `gradientCheck` found. */
export interface GradientCheck {
  /** Whether every error is within the tolerance, and something was compared if there is anything. */
  readonly passed: boolean;
  readonly tolerance: number;
  /** The element with the largest error of all; undefined when nothing was compared. */
  readonly worst: CheckedElement | undefined;
  readonly parameters: readonly CheckedParameter[];
  /** A table, a line for each parameter, which `console.log` prints too. */
  toString(): string;
}

export function makeReport(parameters: readonly CheckedParameter[], tolerance: number): GradientCheck {
  const worst = parameters.reduce<CheckedElement | undefined>(
    (found, one) => (one.worst && !(found && found.error >= one.worst.error) ? one.worst : found),
    undefined,
  );
  const sum = (count: (one: CheckedParameter) => number) =>
    parameters.reduce((total, one) => total + count(one), 0);
  const isCompared = sum(({ checked }) => checked) > 0 || sum(({ elements }) => elements) === 0;
  const passed = isCompared && parameters.every((one) => one.passed);
  const text = () => format(parameters, passed, tolerance);
  return printed({ passed, tolerance, worst, parameters, toString: text });
}

const HEADS = ["parameter", "shape", "checked", "kinks", "error", "worst at", "engine", "expected"];

function format(parameters: readonly CheckedParameter[], passed: boolean, tolerance: number): string {
  const lines = parameters.map(({ name, shape, elements, checked, kinks, passed: good, error, worst }) => [
    name,
    formatShape(shape),
    `${checked} of ${elements}`,
    String(kinks),
    worst === undefined ? "" : `${error.toExponential(1)}${good ? "" : " !"}`,
    worst === undefined ? "" : `[${worst.index.join(", ")}]`,
    worst?.engine.toPrecision(7) ?? "",
    worst?.expected.toPrecision(7) ?? "",
  ]);
  const table = [HEADS, ...lines];
  const widths = HEADS.map((_, column) => Math.max(...table.map((line) => (line[column] as string).length)));
  const text = table.map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i] as number))
      .join("  ")
      .trimEnd(),
  );
  return [`gradient check ${passed ? "passed" : "failed"}, tolerance ${tolerance}`, ...text].join("\n");
}
