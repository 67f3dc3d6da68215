import { type Imported, importRare, isRare, type Names } from "../check/names.js";
import { Late } from "../late.js";
import { isLoss, LOSSES, type Loss } from "../losses/index.js";
import { type MakeMetric, METRICS } from "../metrics/engine/index.js";
import { OPTIMIZERS } from "../optimizers/index.js";
import type { Optimizer } from "../optimizers/optimizer.js";

/** What the rare names of options stand for. */
export interface RareNames {
  readonly losses: Imported<() => Loss>;
  readonly metrics: Imported<MakeMetric>;
  readonly optimizers: Imported<() => Optimizer>;
}

export const NO_RARE: RareNames = { losses: {}, metrics: {}, optimizers: {} };

/** The tables of rare names. */
export const rareTables = {
  losses: new Late("rare losses", () => import("../losses/rare.js")),
  metrics: new Late("rare metrics", () => import("../metrics/engine/rare.js")),
  optimizers: new Late("rare optimizers", () => import("../optimizers/rare.js")),
};

/** Options of `compile`, before they are checked. */
interface Given {
  readonly loss?: unknown;
  readonly metrics?: unknown;
  readonly optimizer?: unknown;
}

/** What is given for all outputs, or for each of them. */
const each = (given: unknown): readonly unknown[] =>
  typeof given === "object" && given !== null && !isLoss(given) ? Object.values(given) : [given];

const rareOf = (given: readonly unknown[], known: Names<string, unknown>): string | undefined =>
  given.find((one) => isRare(one, known)) as string | undefined;

/** Imports the tables that options need; undefined when they need none. */
export function importNames(options: Given | null): Promise<RareNames> | undefined {
  const loss = rareOf(each(options?.loss), LOSSES);
  const metric = rareOf(each(options?.metrics).flat(), METRICS);
  const optimizer = rareOf([options?.optimizer], OPTIMIZERS);
  return loss === undefined && metric === undefined && optimizer === undefined
    ? undefined
    : importTables(loss, metric, optimizer);
}

async function importTables(
  loss: string | undefined,
  metric: string | undefined,
  optimizer: string | undefined,
): Promise<RareNames> {
  const complete = 'Write `import "wasmgrad/complete";` beside your import of wasmgrad, or give';
  const configured = (what: string, name = "") =>
    `${complete} it configured: import { ${name} } from "wasmgrad", and ${what}: ${name}().`;
  const [losses, metrics, optimizers] = await Promise.all([
    importRare("loss", loss, configured("loss", loss), () => rareTables.losses.load("compile")),
    importRare(
      "metric",
      metric,
      `${complete} it configured where it has options, as f1(), or predictions to its namesake in wasmgrad/metrics.`,
      () => rareTables.metrics.load("compile"),
    ),
    importRare("optimizer", optimizer, configured("optimizer", optimizer), () =>
      rareTables.optimizers.load("compile"),
    ),
  ]);
  return { losses, metrics, optimizers };
}
