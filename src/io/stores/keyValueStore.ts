import { FormatError, OptionError } from "../../check/errors.js";
import { integer, optional, text } from "../../check/kinds.js";
import { describe } from "../../check/options.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { bytesOf } from "../bytes.js";
import { crc32c } from "../crc32c.js";
import { checkName, isStorable, type Store, told } from "./store.js";

/**
 * What has values by keys: a namespace of Cloudflare KV, a bucket of R2, the `ctx.storage` of a Durable Object, or whatever has
 * these four. What is found may be bytes, or an object with `arrayBuffer()`; a list may be a Map, or an object with `keys` or
 * `objects`, and a `cursor` where there are more.
 */
export interface KeyValues {
  get(key: string, options?: never): Promise<unknown>;
  put(key: string, value: never, options?: never): Promise<unknown>;
  delete(key: string, options?: never): Promise<unknown>;
  list(options?: never): Promise<unknown>;
}

export interface KeyValueOptions {
  /** What its keys begin with; default `wasmgrad/`. */
  readonly prefix?: string;
  /**
   * Bytes of a value at most: longer files are cut. Default what the service is known to take: 24 MiB in KV, 64 MiB in R2, and
   * 120,000 elsewhere, as a Durable Object does.
   */
  readonly valueBytes?: number;
}

/** What stands under a file's own key: where its bytes are. With it, and not before, the file is there. */
interface Head {
  readonly format: 1;
  readonly bytes: number;
  readonly parts: number;
  /** Told apart from other files of that name: its number, in the keys of its parts. */
  readonly generation: number;
  readonly crc32c: number;
}

type Service = {
  readonly [method in "get" | "put" | "delete" | "list"]: (...given: readonly unknown[]) => Promise<unknown>;
} & { sync?(): Promise<unknown> };

const MIB = 2 ** 20;

/**
 * A store in values by keys, at the edge: `keyValueStore(env.MODELS)` for a namespace of KV or a bucket of R2,
 * `keyValueStore(ctx.storage)` in a Durable Object. Files that are longer than a value are cut; a file is there when the last of
 * its keys is, so that what stops a write leaves the one before. KV shows a file elsewhere up to a minute later.
 *
 * @throws OptionError for what has no `get`, `put`, `delete` and `list`. Its methods reject with StorageErrors; `read` with a
 *   FormatError for a file of which a part is missing
 */
export function keyValueStore(service: KeyValues, options: KeyValueOptions = {}): Store {
  const who = "keyValueStore";
  checkSurplus(who, arguments, 2);
  const given = Object(service) as Readonly<Record<string, unknown>>;
  const missing = ["get", "put", "delete", "list"].find((method) => typeof given[method] !== "function");
  if (missing !== undefined) {
    throw new OptionError(
      `${who}: got ${describe(service)}, which has no ${missing}; needs get, put, delete and list, as env.MODELS of KV or R2 ` +
        "and ctx.storage have them.",
    );
  }
  const { prefix, valueBytes = usualBytes(given) } = take(who, options, {
    prefix: text("wasmgrad/"),
    valueBytes: optional(integer(1)),
  });
  const store = new KeyValueFiles(service as unknown as Service, prefix, valueBytes);
  return {
    read: async (name) => doing("read", name, () => store.read(name)),
    write: async (name, bytes) => doing("written", name, () => store.write(name, bytes)),
    list: async () => told(`${who}: its names could not be read`, () => store.list()),
    delete: async (name) => doing("removed", name, () => store.delete(name)),
  };
}

function doing<T>(what: string, name: string, run: () => Promise<T>): Promise<T> {
  checkName("keyValueStore", name);
  return told(`keyValueStore: "${name}" could not be ${what}`, run);
}

/** By what only one of the services has. */
const usualBytes = (service: object): number =>
  "getWithMetadata" in service ? 24 * MIB : "createMultipartUpload" in service ? 64 * MIB : 120_000;

class KeyValueFiles {
  readonly #service: Service;
  readonly #heads: string;
  readonly #parts: string;
  readonly #valueBytes: number;

  constructor(service: Service, prefix: string, valueBytes: number) {
    this.#service = service;
    // Apart, so that a list of files has none of their bytes: some services give the values with the keys.
    this.#heads = `${prefix}files/`;
    this.#parts = `${prefix}parts/`;
    this.#valueBytes = valueBytes;
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const head = await this.#head(name);
    if (head === undefined) return undefined;
    const parts: Uint8Array[] = [];
    let length = 0;
    for (let i = 0; i < head.parts && length <= head.bytes; i++) {
      const part = await this.#get(this.#partOf(name, head, i));
      if (part === undefined) break;
      parts.push(part);
      length += part.length;
    }
    if (length === head.bytes) {
      const bytes = joined(parts, length);
      if (crc32c(bytes) === head.crc32c) return bytes;
    }
    throw new FormatError(`keyValueStore: "${name}" is not whole: a part of it is missing, or was changed.`);
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    const before = await this.#head(name);
    const parts = Math.max(1, Math.ceil(bytes.length / this.#valueBytes));
    const generation = before === undefined ? 0 : (before.generation + 1) % Number.MAX_SAFE_INTEGER;
    const head: Head = { format: 1, bytes: bytes.length, parts, generation, crc32c: crc32c(bytes) };
    for (let i = 0; i < parts; i++) {
      const part = new Uint8Array(bytes.subarray(i * this.#valueBytes, (i + 1) * this.#valueBytes));
      await this.#service.put(this.#partOf(name, head, i), part);
    }
    await this.#service.put(this.#heads + name, new TextEncoder().encode(JSON.stringify(head)));
    // A Durable Object writes behind: now it is on the disk.
    await this.#service.sync?.();
    if (before !== undefined) await this.#remove(name, before);
  }

  async list(): Promise<string[]> {
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.#service.list({ prefix: this.#heads, ...(cursor && { cursor }) });
      const { keys, objects, cursor: next } = Object(page) as Page;
      const found =
        page instanceof Map
          ? [...page.keys()]
          : ((keys as unknown[]) ?? objects ?? []).map((one) => keyOf(one));
      names.push(...found.map((key) => String(key).slice(this.#heads.length)));
      cursor = next;
    } while (cursor);
    return names.filter(isStorable);
  }

  async delete(name: string): Promise<void> {
    const head = await this.#head(name);
    await this.#service.delete(this.#heads + name);
    if (head !== undefined) await this.#remove(name, head);
  }

  /** Nobody reads them any more: that they stay for a while does no harm. */
  async #remove(name: string, head: Head): Promise<void> {
    for (let i = 0; i < head.parts; i++) await this.#service.delete(this.#partOf(name, head, i));
  }

  readonly #partOf = (name: string, { generation }: Head, i: number): string =>
    `${this.#parts}${name}/${generation}/${i}`;

  /** @throws FormatError for what is none */
  async #head(name: string): Promise<Head | undefined> {
    const bytes = await this.#get(this.#heads + name);
    if (bytes === undefined) return undefined;
    const head = parsed(bytes);
    const isSize = (given: unknown) => Number.isSafeInteger(given) && (given as number) >= 0;
    const { format, parts, generation } = head;
    if (format === 1 && [head.bytes, parts, generation].every(isSize) && (parts ?? 0) <= (head.bytes || 1)) {
      return head as Head;
    }
    throw new FormatError(
      `keyValueStore: under ${describe(this.#heads + name)} is no file of this store; use another prefix.`,
    );
  }

  async #get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    // KV has this option; the others look at none of it.
    const found = await this.#service.get(key, { type: "arrayBuffer" });
    if (found === null || found === undefined) return undefined;
    const { arrayBuffer } = found as { readonly arrayBuffer?: () => Promise<ArrayBuffer> };
    const bytes = typeof arrayBuffer === "function" ? await arrayBuffer.call(found) : found;
    return bytesOf("keyValueStore", `the value of ${describe(key)}`, bytes);
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

interface Page {
  readonly keys?: unknown;
  readonly objects?: readonly unknown[];
  readonly cursor?: string;
}

const keyOf = (one: unknown): unknown => {
  const { name, key = name } = Object(one) as { readonly name?: unknown; readonly key?: unknown };
  return key ?? one;
};

function parsed(bytes: Uint8Array): Partial<Head> {
  try {
    return Object(JSON.parse(new TextDecoder().decode(bytes))) as Partial<Head>;
  } catch {
    return {};
  }
}
