/**
 * What the header of an array of NumPy is written as: a literal of Python, of strings, numbers, True, False, None, tuples, lists
 * and dictionaries. Nothing is evaluated.
 */
import { FormatError } from "../../check/errors.js";
import { describe } from "../../check/options.js";

const TOKEN =
  /\s*(?:([{}()[\],:])|'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|([-+]?(?:\d[\w.]*(?:e[-+]?\d+)?|inf|nan))L?|(True|False|None))\s*/iy;
const CLOSING: Readonly<Record<string, string>> = { "{": "}", "(": ")", "[": "]" };
const NAMED: Readonly<Record<string, unknown>> = { True: true, False: false, None: null };

/**
 * The value that a text stands for; tuples are arrays.
 *
 * @throws FormatError for what is no such literal, has a key twice, or lies deeper
 */
export function parseLiteral(who: string, text: string, depth: number): unknown {
  let at = 0;
  const wrong = (says: string) =>
    new FormatError(`${who}: the header cannot be read: ${says}, at letter ${at}.`);
  const next = (): RegExpExecArray => {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (found === null) throw wrong(`it has ${describe(text.slice(at, at + 16))}`);
    at = TOKEN.lastIndex;
    return found;
  };
  const take = (sign: string): boolean => {
    const isNext = text[at] === sign;
    if (isNext) next();
    return isNext;
  };
  const value = (level: number): unknown => {
    if (level > depth) throw wrong(`it is nested more than ${depth} deep`);
    const [, sign, single, double, number, name] = next();
    if (number !== undefined) return Number(number.replace(/L$/i, ""));
    if (name !== undefined) return NAMED[name];
    const string = single ?? double;
    if (string !== undefined) return string;
    const close = CLOSING[sign as string];
    if (close === undefined) throw wrong(`it has ${describe(sign)}`);
    return close === "}" ? dictionary(level) : list(close, level);
  };
  const list = (close: string, level: number): unknown[] => {
    const values: unknown[] = [];
    while (!take(close)) {
      values.push(value(level + 1));
      if (!take(",") && text[at] !== close) throw wrong(`${describe(close)} is missing`);
    }
    return values;
  };
  const dictionary = (level: number): object => {
    const entries = new Map<string, unknown>();
    while (!take("}")) {
      const key = value(level + 1);
      if (typeof key !== "string" || !take(":")) throw wrong(`it has the key ${describe(key)}`);
      if (entries.has(key)) throw wrong(`it has the key ${describe(key)} twice`);
      entries.set(key, value(level + 1));
      if (!take(",") && text[at] !== "}") throw wrong('"}" is missing');
    }
    return Object.fromEntries(entries);
  };
  const found = value(0);
  if (at === text.length) return found;
  throw wrong(`it goes on with ${describe(text.slice(at, at + 16))}`);
}
