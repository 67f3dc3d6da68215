import { formatShape, type Shape } from "../../graph/shape.js";
import type { Weight } from "../weights.js";
import type { Trace, TracedLayer, TracedParameter, TraceOptions } from "./traced.js";

type Written = Required<TraceOptions>;
type Traced = Omit<Trace, "toString">;

/** A step as text: forward layer by layer, the loss, backward the other way round. */
export function traceText(trace: Traced, written: Written): string {
  const { step, rows, loss, learningRate, gradientNorm, layers, parameters } = trace;
  const text = new Text(written);
  const byName = new Map(parameters.map((one) => [one.name, one]));
  const parametersOf = (layer: TracedLayer) =>
    layer.parameters.flatMap((name) => byName.get(name) ?? []) as readonly TracedParameter[];
  const number = (x: number) => x.toFixed(written.digits);
  text.line(0, `step ${step}: ${rows} ${rows === 1 ? "row" : "rows"}, learning rate ${learningRate}`);
  text.line(0, "");
  text.line(0, "forward");
  for (const layer of layers) {
    text.line(1, titleOf(layer));
    for (const { name, shape, before } of parametersOf(layer)) text.tensor(name, { shape, data: before });
    if (layer.preActivation) text.tensor("weighted sums", layer.preActivation);
    text.tensor(
      layer.inputs.length === 0 ? "rows" : layer.preActivation ? "activations" : "output",
      layer.output,
    );
  }
  text.line(0, "");
  text.line(0, `loss ${number(loss)}`);
  if (!written.backward) return text.toString();
  text.line(0, "");
  text.line(0, `backward: the gradient, of norm ${number(gradientNorm)}`);
  const told = new Set<string>();
  for (const layer of [...layers].reverse()) {
    const own = parametersOf(layer).filter(({ name }) => !told.has(name));
    const { outputGradient, preActivationGradient } = layer;
    if (own.length === 0 && !outputGradient && !preActivationGradient) continue;
    text.line(1, titleOf(layer));
    if (outputGradient) text.tensor("by its output", outputGradient);
    if (preActivationGradient) text.tensor("by its weighted sums, δ", preActivationGradient);
    for (const { name, shape, gradient, after } of own) {
      told.add(name);
      if (gradient) text.tensor(`by ${name}`, { shape, data: gradient });
      text.tensor(`${name} becomes`, { shape, data: after });
    }
  }
  return text.toString();
}

const titleOf = ({ name, kind }: TracedLayer) => (name === kind ? name : `${name} (${kind})`);

class Text {
  readonly #lines: string[] = [];
  readonly #written: Written;

  constructor(written: Written) {
    this.#written = written;
  }

  line(depth: number, text: string): void {
    this.#lines.push(text === "" ? "" : "  ".repeat(depth) + text);
  }

  /** A title, and the numbers: beside it where they are one row, below it where there are more. */
  tensor(title: string, { shape, data }: Weight): void {
    const { most, digits } = this.#written;
    const columns = shape.length === 0 ? 1 : (shape.at(-1) as number);
    const rows = columns === 0 ? 0 : data.length / columns;
    const cells = Array.from({ length: Math.min(rows, most) }, (_, row) =>
      Array.from({ length: Math.min(columns, most) }, (_, column) =>
        (data[row * columns + column] as number).toFixed(digits),
      ),
    );
    const width = Math.max(0, ...cells.flat().map((cell) => cell.length));
    const texts = cells.map((row) => row.map((cell) => cell.padStart(width)).join("  "));
    const shown = texts.map((text) => (columns > most ? `${text}  …` : text));
    if (rows > most) shown.push(`… ${rows - most} more rows`);
    this.line(2, `${title} ${formatShape(shape as Shape)}`);
    for (const row of shown) this.line(3, row);
  }

  toString(): string {
    return this.#lines.join("\n");
  }
}
