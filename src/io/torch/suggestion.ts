/** What to write where a file has the same parameters under other names. */
import { describe } from "../../check/options.js";
import { sameShape } from "../../graph/shape.js";
import type { TorchParameter } from "./parameters.js";

type Shaped = { readonly shape: readonly number[] };
type Module = ReadonlyMap<string, readonly number[]>;

const compare = (a: string, b: string): number => {
  const [one, other] = [a.split("."), b.split(".")];
  for (let i = 0; i < Math.max(one.length, other.length); i++) {
    const [x = "", y = ""] = [one[i], other[i]];
    // Of modules that are numbered, 10 comes behind 2.
    if (x !== y) return /^\d+$/.test(x) && /^\d+$/.test(y) ? Number(x) - Number(y) : x < y ? -1 : 1;
  }
  return 0;
};

function modulesOf(
  names: Iterable<readonly [name: string, shape: readonly number[]]>,
): Map<string, Map<string, readonly number[]>> {
  const modules = new Map<string, Map<string, readonly number[]>>();
  for (const [name, shape] of names) {
    const at = name.lastIndexOf(".");
    const module = name.slice(0, Math.max(0, at));
    modules.set(module, (modules.get(module) ?? new Map()).set(name.slice(at + 1), shape));
  }
  return modules;
}

const isAlike = (a: Module, b: Module): boolean =>
  a.size === b.size && [...a].every(([name, shape]) => sameShape(shape, b.get(name) ?? [Number.NaN]));

/** Modules of the file in their order, if they are those of the network but for their names; else "". */
export function suggestion(own: readonly TorchParameter[], found: ReadonlyMap<string, Shaped>): string {
  const isParameter = (name: string) => !/^optimizer\.|num_batches_tracked$/.test(name);
  const here = [...modulesOf(own.map(({ name, layout }) => [name, layout.shape] as const))];
  const there = [
    ...modulesOf(
      [...found].filter(([name]) => isParameter(name)).map(([name, { shape }]) => [name, shape] as const),
    ),
  ].sort(([a], [b]) => compare(a, b));
  const fits =
    here.length === there.length && here.every(([, one], i) => isAlike(one, there[i]?.[1] as Module));
  if (!fits) return "";
  const layers = own.map(({ parameter: { name } }) => name.slice(0, name.lastIndexOf("/")));
  const named = [...new Set(layers)].map((layer, i) => `${describe(layer)}: ${describe(there[i]?.[0])}`);
  return `\nThe same parameters have other names there: { layers: { ${named.join(", ")} } }`;
}
