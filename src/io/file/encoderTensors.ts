/**
 * Long lists of encoders as tensors of a model file of format 2: numbers, as sums and means, as `F64`, texts, as vocabularies, as
 * the `U8` of their JSON. In their place stands `{ "tensor": name }`. Such names begin with "/", as those of no parameter do.
 */
import { FormatError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import type { FileTensor } from "../safetensors/read.js";
import type { NewTensor } from "../safetensors/write.js";
import { parseStrict } from "../strictJson.js";

/** Shorter ones stay where they are. */
const LEAST = 256;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Plain data without its long lists, and these: what is wider than the weights, and what is narrower. */
export interface WithoutLists<T> {
  readonly data: T;
  readonly floats: readonly NewTensor[];
  readonly texts: readonly NewTensor[];
}

export function toTensors<T>(data: T): WithoutLists<T> {
  const [floats, texts]: [NewTensor[], NewTensor[]] = [[], []];
  const add = (to: NewTensor[], name: string, values: Float64Array | Uint8Array) => {
    to.push({ name, dtype: to === floats ? "F64" : "U8", shape: [values.length], values });
    return { tensor: name };
  };
  const split = (at: string, value: unknown): unknown => {
    if (Array.isArray(value)) {
      if (value.length >= LEAST) {
        if (value.every((one) => typeof one === "number")) return add(floats, at, Float64Array.from(value));
        if (value.every((one) => typeof one === "string"))
          return add(texts, at, new TextEncoder().encode(JSON.stringify(value)));
      }
      return value.map((one, i) => split(`${at}/${i}`, one));
    }
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, split(`${at}/${name}`, one)]),
    );
  };
  return { data: split("", data) as T, floats, texts };
}

/** Whether it stands for a tensor. */
const nameOf = (value: Readonly<Record<string, unknown>>): string | undefined => {
  const { tensor, ...others } = value;
  return typeof tensor === "string" && tensor.startsWith("/") && Object.keys(others).length === 0
    ? tensor
    : undefined;
};

/**
 * The data with its lists.
 *
 * @throws FormatError for a tensor that there is not, is of another kind, or that stands nowhere or twice
 */
export function fromTensors<T>(who: string, data: T, given: readonly FileTensor[]): T {
  const left = new Map(given.map((one) => [one.name, one]));
  const join = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(join);
    if (!isObject(value)) return value;
    const name = nameOf(value);
    if (name === undefined)
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, join(one)]));
    const tensor = left.get(name);
    if (tensor === undefined)
      throw new FormatError(`${who}: the tensor ${describe(name)} is missing, or stands in two places.`);
    left.delete(name);
    return listOf(who, tensor);
  };
  const joined = join(data) as T;
  const [odd] = left.keys();
  if (odd === undefined) return joined;
  throw new FormatError(`${who}: the tensor ${describe(odd)} is of no encoder of the file.`);
}

function listOf(who: string, { name, dtype, shape, bytes }: FileTensor): readonly unknown[] {
  const at = `the tensor ${describe(name)}`;
  if (shape.length === 1 && dtype === "F64") {
    const numbers = [...new Float64Array(bytes.slice().buffer)];
    const odd = numbers.findIndex((one) => !Number.isFinite(one));
    if (odd < 0) return numbers;
    throw new FormatError(`${who}: ${at} has ${numbers[odd]} at ${odd}; needs finite numbers.`);
  }
  const texts = dtype === "U8" ? parseStrict(who, at, bytes, 1) : undefined;
  if (Array.isArray(texts) && texts.every((one) => typeof one === "string")) return texts;
  throw new FormatError(
    `${who}: ${at} is ${dtype} of ${shape.length} axes; needs numbers as F64, or texts as the U8 of their JSON.`,
  );
}
