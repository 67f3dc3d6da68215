/** JSON of strangers: what JSON.parse lets pass without a word is refused. */
import { FormatError } from "../check/errors.js";
import { describe } from "../check/options.js";

/**
 * What a text of JSON holds. Objects are plain; a key `__proto__` is one of their own, like any other.
 *
 * @param what errors call the text: "the header"
 * @param depth how deep lists and objects may lie within each other
 * @throws FormatError for what is no JSON, lies deeper, or has a key twice in one object
 */
export function parseStrict(who: string, what: string, text: string, depth: number): unknown {
  checkNesting(who, what, text, depth);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FormatError(`${who}: ${what} is no JSON; the bytes were changed.`, { cause });
  }
}

/** Only looks at brackets and keys: whether it is JSON at all is seen to later. Each letter is looked at once. */
function checkNesting(who: string, what: string, text: string, depth: number): void {
  /** The keys of each object that is open; a list has none. */
  const open: Set<string>[] = [];
  const special = /["{}[\]]/g;
  for (let found = special.exec(text); found !== null; found = special.exec(text)) {
    const [sign] = found;
    if (sign === '"') {
      const end = endOfString(text, found.index);
      special.lastIndex = end;
      const keys = open.at(-1);
      if (keys && isKey(text, end)) addKey(keys, text.slice(found.index, end));
    } else if (sign === "{" || sign === "[") {
      if (open.push(new Set()) > depth) {
        throw new FormatError(`${who}: ${what} is nested more than ${depth} deep; needs at most that.`);
      }
    } else open.pop();
  }

  function addKey(keys: Set<string>, quoted: string): void {
    // The same letters can be written in several ways.
    const key = quoted.includes("\\") ? String(tryParse(quoted)) : quoted.slice(1, -1);
    if (keys.has(key)) throw new FormatError(`${who}: ${what} has ${describe(key)} twice; needs it once.`);
    keys.add(key);
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

function isKey(text: string, from: number): boolean {
  const colon = /\s*:/y;
  colon.lastIndex = from;
  return colon.test(text);
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
