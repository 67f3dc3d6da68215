/** JSON of strangers: what JSON.parse lets pass without a word is refused. */
import { FormatError } from "../check/errors.js";
import { describe } from "../check/options.js";

const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * What a text of JSON holds, or its bytes as UTF-8. Objects are plain; a key `__proto__` is one of their own, like any other.
 *
 * @param what errors call the text: "the header"
 * @param depth how deep lists and objects may lie within each other
 * @throws FormatError for what is no JSON or no UTF-8, lies deeper, or has a key twice in one object
 */
export function parseStrict(who: string, what: string, given: string | Uint8Array, depth: number): unknown {
  try {
    const text = typeof given === "string" ? given : decoder.decode(given);
    checkNesting(text, depth);
    return JSON.parse(text);
  } catch (cause) {
    throw new FormatError(`${who}: ${what} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** Only looks at brackets and keys: whether it is JSON at all is seen to later. Each letter is looked at once. */
function checkNesting(text: string, depth: number): void {
  /** The keys of each object that is open; a list has none. */
  const open: Set<unknown>[] = [];
  const special = /["{}[\]]/g;
  for (let found = special.exec(text); found !== null; found = special.exec(text)) {
    const [sign] = found;
    if (sign === '"') {
      const end = endOfString(text, found.index);
      const colon = /\s*:/y;
      colon.lastIndex = special.lastIndex = end;
      if (!colon.test(text)) continue;
      // The same letters can be written in several ways.
      const key: unknown = JSON.parse(text.slice(found.index, end));
      if (open.at(-1)?.has(key)) throw new SyntaxError(`it has the key ${describe(key)} twice.`);
      open.at(-1)?.add(key);
    } else if (sign === "}" || sign === "]") open.pop();
    else if (open.push(new Set()) > depth) throw new SyntaxError(`it is nested more than ${depth} deep.`);
  }
}

/** The place behind a string that begins at `start`, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let first = end;
    while (text[first - 1] === "\\") first--;
    if ((end - first) % 2 === 0) return end + 1;
  }
  return text.length;
}
