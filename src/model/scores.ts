import type { Scoreboard } from "../compile/graphs.js";
import type { Pass } from "../runtime/machine.js";

interface Shown {
  [name: string]: number | Shown;
}

/** Sets a property of its own, whatever it is called: `__proto__` too. */
function show(place: Shown, name: string, value: number | Shown): void {
  if (name !== "__proto__") {
    place[name] = value;
    return;
  }
  // Defining takes ten times as long as assigning, and there is a report for each short epoch.
  Object.defineProperty(place, name, { value, enumerable: true, configurable: true, writable: true });
}

/** Writes a number into a report. */
export function showAt(report: object, path: readonly string[], value: number): void {
  let place = report as Shown;
  for (let i = 0; i < path.length - 1; i++) {
    const name = path[i] as string;
    if (!Object.hasOwn(place, name)) show(place, name, {});
    place = place[name] as Shown;
  }
  show(place, path[path.length - 1] as string, value);
}

/** Writes loss and metrics of a pass into a report, each at its place. */
export function setScores<R extends { loss: number }>(
  report: R,
  { sums, rowsSeen }: Pick<Pass, "sums" | "rowsSeen">,
  { scores }: Scoreboard,
): R {
  for (const { path, finish } of scores) showAt(report, path, finish(sums, rowsSeen));
  return report;
}
