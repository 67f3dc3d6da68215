/** Where in the user's program something was called: for errors that are found only later. */

/** The frames of a stack, outermost last, in the forms of V8 (`at f (url:1:2)`) and the others (`f@url:1:2`). */
const frames = (stack: string): string[] =>
  stack
    .split("\n")
    .flatMap((line) => /(?:[(@]|at (?:async )?)([^(@\s]+:\d+:\d+)\)?$/.exec(line.trim())?.[1] ?? []);

/** Built, all files lie in one directory; this source lies in one of its own. */
const directoryOf = (frame: string | undefined) => frame?.replace(/(check[/\\])?[^/\\]*:\d+:\d+$/, "");

/** Directory of this package, by which its own frames are told from the user's. */
const own = directoryOf(frames(new Error().stack ?? "")[0]);

/** In a bundle, the user's frames are in the same files as the package's: nothing tells them apart. */
const isApart = /wasmgrad[^/\\]*[/\\]dist[/\\]$/.test(own ?? "");

/** More than there are of the package's own between a user's line and an error of `fit`: V8 keeps ten in all. */
export const OWN_FRAMES = 20;

/** Lets the stacks of errors be longer by so many frames, where the runtime has a limit that may be changed. */
export function deepenStacks(frames: number): void {
  const { stackTraceLimit = 0 } = Error as { stackTraceLimit?: number };
  // Who wants no stacks says 0; where intrinsics are frozen, nothing is set.
  if (stackTraceLimit > 0) Reflect.set(Error, "stackTraceLimit", stackTraceLimit + frames);
}

/** The stack as if the line of the user that led to it had thrown: without the package's frames above that line. */
export function fromUsersLine(stack: string): string {
  const lines = stack.split("\n");
  const isOwn = (line: string) => isApart && line.includes(own as string);
  const first = lines.findIndex(isOwn);
  // Between own frames of an asynchronous function are the platform's.
  const users = lines.findIndex(
    (line, i) => i > first && /(?<!node:.*):\d+:\d+\)?$/.test(line) && !isOwn(line),
  );
  if (first >= 0 && users >= 0) lines.splice(first, users - first);
  return lines.join("\n");
}

/** Something that remembers where it was made. The stack is made into text only when it is asked for. */
export interface Sited {
  readonly site?: Error | undefined;
}

/** ` (at app.js:12:7)`, or nothing where the platform does not tell. */
export function siteOf({ site }: Sited): string {
  const found = frames(site?.stack ?? "").find((frame) => own === undefined || !frame.startsWith(own));
  return found === undefined ? "" : ` (at ${found})`;
}
