/** What a file may be made of: functions by the names that it has for them. */
import { FormatError, UnsupportedError } from "../../check/errors.js";
import { checkKeys, describe } from "../../check/options.js";
import { take } from "../../check/schema.js";
import { type Family, PARTS, type Parts } from "./parts.js";

/** A part is in none of the tables that there are so far. */
class NotImported extends Error {}

/** A part that only the user can give. */
export class MissingPart extends FormatError {}

/** The parts that a call may take. */
export class Registry {
  /** The call, as errors show it: `load(bytes, …)`. */
  readonly #call: string;
  readonly #tables: readonly Parts[];
  /** Whether the last of the tables has all that wasmgrad has. */
  readonly #isWhole: boolean;

  constructor(call: string, tables: readonly Parts[], isWhole: boolean) {
    this.#call = call;
    this.#tables = tables;
    this.#isWhole = isWhole;
  }

  /** Who reads, as errors begin. */
  get who(): string {
    return this.#call.split("(")[0] as string;
  }

  /**
   * What a name stands for.
   *
   * @param at where the file has it
   * @param isOwn whether it is the user's, as wasmgrad may have a part of the same name
   * @throws FormatError with the line to write, where nothing goes by it
   */
  find(family: Family, name: string, at: string, isOwn = false): unknown {
    for (const table of isOwn ? this.#tables.slice(0, 1) : this.#tables) {
      const parts = table[family];
      if (parts !== undefined && Object.hasOwn(parts, name))
        return (parts as Readonly<Record<string, unknown>>)[name];
    }
    if (!isOwn && !this.#isWhole) throw new NotImported();
    const shown = describe(name);
    const isName = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && name.length < 80;
    const line = this.#call.replace("…", `{ ${family}: { ${isName ? name : `${shown}: …`} } }`);
    const whose = isOwn ? "is of your own" : "wasmgrad has none of";
    throw new (isOwn ? MissingPart : FormatError)(
      `${this.who}: ${at} is ${shown}, which ${whose}. Give what makes it: ${line}.`,
    );
  }
}

/**
 * What `read` makes of the parts that were given and, where these are too few, of all that there are.
 *
 * @param call as errors show it, `…` standing for the options: `load(bytes, …)`
 * @param own what there is beside those that were given, without an import
 * @throws OptionError for parts that are no objects; UnsupportedError where the others cannot be imported
 */
export async function withParts<T>(
  call: string,
  given: Parts,
  read: (parts: Registry) => T,
  own: Parts = {},
): Promise<T> {
  const first = partsOf(call, given);
  try {
    return read(new Registry(call, [first, own], false));
  } catch (error) {
    if (!(error instanceof NotImported)) throw error;
  }
  const { everything } = await import("./everything.js").catch((cause: unknown) => {
    throw new UnsupportedError(
      `${call.split("(")[0]}: import() of the parts that were not given failed here. Give all that the file has: ` +
        `${call.replace("…", "{ layers: { dense } }")}.`,
      { cause },
    );
  });
  return read(new Registry(call, [first, everything], true));
}

/** @throws OptionError */
function partsOf(call: string, given: Parts): Parts {
  const [who = ""] = call.split("(");
  for (const [family, parts] of Object.entries(given)) {
    if (parts !== undefined) checkKeys(`${who}: ${family}`, parts, Object.keys(parts ?? {}));
  }
  return take(who, given, PARTS) as Parts;
}
