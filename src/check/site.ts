/** Where in the user's program something was called: for errors that are found only later. */

/** The frames of a stack, outermost last, in the forms of V8 (`at f (url:1:2)`) and the others (`f@url:1:2`). */
const frames = (stack: string): string[] =>
  stack
    .split("\n")
    .flatMap((line) => /(?:[(@]|at (?:async )?)([^(@\s]+:\d+:\d+)\)?$/.exec(line.trim())?.[1] ?? []);

const directoryOf = (frame: string | undefined) => frame?.replace(/[^/\\]*:\d+:\d+$/, "");

/** Directory of this package, by which its own frames are told from the user's. */
const own = directoryOf(frames(new Error().stack ?? "")[0]);

/** Something that remembers where it was made. The stack is made into text only when it is asked for. */
export interface Sited {
  readonly site?: Error | undefined;
}

/** ` (at app.js:12:7)`, or nothing where the platform does not tell. */
export function siteOf({ site }: Sited): string {
  const found = frames(site?.stack ?? "").find((frame) => own === undefined || !frame.startsWith(own));
  return found === undefined ? "" : ` (at ${found})`;
}
