/** SVG text as elements: what is not well-formed is refused, so that a test of what a picture holds is one of its form. */

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** Of the element itself and all below it. */
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Element[];
  text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

function decoded(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML does not allow them
  const odd = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u.exec(text);
  if (odd !== null)
    throw new Error(`a letter that XML does not allow: U+${odd[0].charCodeAt(0).toString(16)}`);
  return text.replace(/&(?:([#\w]+);)?/g, (all, name: string | undefined) => {
    const letter = name === undefined ? undefined : ENTITIES[name];
    if (letter === undefined) throw new Error(`${all} is no entity`);
    return letter;
  });
}

/** @throws Error for what is not well-formed, as browsers refuse a file of it */
export function parseSvg(svg: string): Element {
  const root: Open = { name: "", attributes: {}, children: [], text: "" };
  const open: Open[] = [root];
  const token = /<(\/?)([a-z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  let end = 0;
  for (const match of svg.matchAll(token)) {
    if (match.index !== end) break;
    end = match.index + match[0].length;
    const [, closes, name = "", attributes = "", isEmpty, text] = match;
    const last = open.at(-1) as Open;
    if (text !== undefined) {
      const content = decoded(text);
      for (const one of open) one.text += content;
    } else if (closes === "/") {
      if (last.name !== name || open.length < 2) throw new Error(`</${name}> closes <${last.name}>`);
      open.pop();
    } else {
      const one: Open = { name, attributes: {}, children: [], text: "" };
      for (const [, key = "", value = ""] of attributes.matchAll(/([\w:-]+)="([^"]*)"/g)) {
        if (key in one.attributes) throw new Error(`<${name}> has ${key} twice`);
        one.attributes[key] = decoded(value);
      }
      last.children.push(one);
      if (isEmpty !== "/") open.push(one);
    }
  }
  if (end !== svg.length) throw new Error(`not well-formed at ${end}: ${svg.slice(end, end + 60)}`);
  if (open.length !== 1 || root.children.length !== 1) throw new Error("not one element");
  return root.children[0] as Element;
}

/** All elements below one, and itself, that a test holds for. */
export function all(element: Element, holds: (one: Element) => boolean): Element[] {
  const found = element.children.flatMap((one) => all(one, holds));
  return holds(element) ? [element, ...found] : found;
}

export const hasClass = (name: string) => (one: Element) =>
  (one.attributes.class ?? "").split(" ").includes(name);

/** The texts that are shown, without what pointers and readers are told. */
export const textsOf = (picture: Element): string[] =>
  all(picture, ({ name }) => name === "text").map(({ text }) => text);

/** What pointers are told. */
export const tooltipsOf = (picture: Element): string[] =>
  picture.children
    .flatMap((part) => all(part, ({ name }) => name === "title").map(({ text }) => text))
    .slice(1);
