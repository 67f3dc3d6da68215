/** Makes calls of all that is exported, and tells what went wrong with each. */
import { appendFileSync } from "node:fs";
import * as autodiff from "../../../src/autodiff/index.js";
import * as data from "../../../src/data/index.js";
import * as index from "../../../src/index.js";
import * as metrics from "../../../src/metrics/index.js";
import { Model } from "../../../src/model/model.js";
import * as ops from "../../../src/ops/index.js";
import { bitsOf } from "../../given/models.js";
import { shown } from "../misuses/misuse.js";
import { Arguments } from "./arguments.js";
import { Draw } from "./draw.js";
import { CallersError } from "./hostile.js";
import type { Callable, EntryName, Published } from "./published.js";
import { makeModel, makers } from "./subjects.js";

const modules: Readonly<Record<EntryName, object>> = { autodiff, data, index, metrics, ops };

/** Turns of the event loop that a call may take, and bytes that it may leave allocated. */
const MOST_TURNS = 2_000;
const MOST_BYTES = 512 * 2 ** 20;

export const isOwn = (error: unknown): boolean =>
  error instanceof Error && /^WASMGRAD_/.test(String((error as { code?: unknown }).code));

/** Whether an error, or what led to it, is the caller's. */
function isCallers(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause) if (one instanceof CallersError) return true;
  // A signal's reason; and a proxy that is revoked throws wherever it is looked at, as a getter of the caller's may.
  const { name, message } = (error ?? {}) as Partial<Error>;
  if (name === "AbortError") return true;
  // A class that stands where a function belongs throws when it is called, which is how it is told from one.
  return /proxy that has been revoked|^Class constructor.* cannot be invoked without 'new'$/.test(
    String(message),
  );
}

export interface Outcome {
  readonly call: string;
  readonly kind: "returned" | "refused" | "callers";
  readonly faults: readonly string[];
}

export class Caller {
  readonly #published: Published;
  /** Another one when a call has disposed of it. */
  #model: Model;
  readonly unknown = new Set<string>();

  constructor(published: Published, model: Model) {
    this.#published = published;
    this.#model = model;
  }

  /** The call of a seed. */
  async make(callable: Callable, seed: number): Promise<Outcome> {
    if (this.#model.state.disposed) this.#model = await makeModel();
    const draw = new Draw(seed);
    const given = makers(this.#model);
    const generator = new Arguments(this.#published, given, draw, this.unknown);
    const values = bounded(callable, generator.of(draw.of(callable.signatures), draw.is(0.1)));
    const receiver =
      callable.receiver === undefined
        ? undefined
        : (given[callable.receiver] as (draw: Draw) => unknown)?.(draw);
    if (callable.receiver !== undefined && receiver === undefined) {
      this.unknown.add(callable.receiver);
      return { call: callable.name, kind: "returned", faults: [] };
    }
    const title = `${callable.receiver ? `${callable.receiver}.` : ""}${callable.name}(${values.map(safely).join(", ")}) #${seed}`;
    if (process.env.WASMGRAD_FUZZ_LOG) appendFileSync(process.env.WASMGRAD_FUZZ_LOG, `${title}\n`);
    return this.#run(title, () => invoke(callable, receiver, values));
  }

  async #run(call: string, invoking: () => unknown): Promise<Outcome> {
    const faults: string[] = [];
    const before = JSON.stringify(bitsOf(this.#model.weights()));
    const { step } = this.#model.state;
    const bytes = process.memoryUsage().arrayBuffers;
    let kind: Outcome["kind"] = "returned";
    try {
      await withinTurns(invoking);
    } catch (error) {
      kind = isOwn(error) ? "refused" : "callers";
      if (!isOwn(error) && !isCallers(error)) {
        const stack = error instanceof Error ? (error.stack ?? error.message) : `no error: ${safely(error)}`;
        faults.push(stack.split("\n").slice(0, 6).join("\n"));
      }
      const isSame = this.#model.state.disposed || JSON.stringify(bitsOf(this.#model.weights())) === before;
      if (!isSame && this.#model.state.step === step) faults.push("the weights are others after the error");
    }
    const taken = process.memoryUsage().arrayBuffers - bytes;
    if (taken > MOST_BYTES) faults.push(`took ${taken} bytes`);
    return { call, kind, faults };
  }
}

const safely = (value: unknown): string => {
  try {
    return shown(value).slice(0, 200);
  } catch {
    return "something that cannot be shown";
  }
};

export function invoke(
  { entry, name, receiver: type }: Callable,
  receiver: unknown,
  values: unknown[],
): unknown {
  if (type !== undefined) {
    const key = name.startsWith("__@") ? Symbol.asyncIterator : name;
    return Reflect.apply(
      (receiver as Record<string | symbol, () => unknown>)[key] as () => unknown,
      receiver,
      values,
    );
  }
  const [first, member] = name.split(".");
  const owner = (modules[entry] as Record<string, unknown>)[first as string] as Record<string, unknown>;
  const called = member === undefined ? owner : owner[member];
  return Reflect.apply(called as () => unknown, owner, values);
}

/** Without what asks for work without end, which is no fault. */
function bounded({ name }: Callable, values: unknown[]): unknown[] {
  if (name !== "fit") return values;
  const [first, options] = values;
  try {
    const { epochs } = options as { epochs?: unknown };
    if (typeof epochs === "number" && epochs > 10) return [first, { ...(options as object), epochs: 2 }];
  } catch {
    // Of a proxy that is revoked.
  }
  return values;
}

/** Awaits what a call gives, for so many turns of the event loop; a model that it makes is disposed of. */
export async function withinTurns(invoking: () => unknown): Promise<void> {
  let turns = 0;
  let result: unknown;
  let error: { readonly reason: unknown } | undefined;
  let isDone = false;
  Promise.resolve()
    .then(invoking)
    .then(
      (value) => {
        result = value;
      },
      (reason: unknown) => {
        error = { reason };
      },
    )
    .finally(() => {
      isDone = true;
    });
  while (!isDone && turns < MOST_TURNS) {
    // Most calls take none; a part that is imported, or a worker that starts, takes many short ones.
    await new Promise<void>((resolve) => (++turns < 100 ? setImmediate(resolve) : setTimeout(resolve, 2)));
  }
  if (error !== undefined) throw error.reason;
  if (!isDone) throw new Error(`did not end within ${MOST_TURNS} turns`);
  if (result instanceof Model) result.dispose();
}
