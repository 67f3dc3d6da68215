import { type Imported, importRare, isRare, type Names } from "../check/names.js";
import { Late } from "../late.js";
import type { lossOf } from "../losses/customLoss.js";
import { isLoss, LOSSES, type Loss } from "../losses/index.js";
import { type MakeMetric, METRICS } from "../metrics/engine/index.js";
import { OPTIMIZERS } from "../optimizers/index.js";
import type { Optimizer } from "../optimizers/optimizer.js";

/** What the rare names of options stand for. */
export interface RareNames {
  readonly losses: Imported<() => Loss>;
  readonly metrics: Imported<MakeMetric>;
  readonly optimizers: Imported<() => Optimizer>;
  /** Makes losses of functions; there where some are given. */
  readonly lossOf?: typeof lossOf;
}

export const NO_RARE: RareNames = { losses: {}, metrics: {}, optimizers: {} };

/** The tables of rare names. */
export const rareTables = {
  losses: new Late("rare losses", () => import("../losses/rare.js")),
  metrics: new Late("rare metrics", () => import("../metrics/engine/rare.js")),
  optimizers: new Late("rare optimizers", () => import("../optimizers/rare.js")),
};

/** For losses that are functions. */
export const lossFunctions = new Late("lossFunctions", () => import("../losses/customLoss.js"));

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

/** Imports what the names and functions of options stand for; undefined when there is nothing to import. */
export function importNames(options: Given | null): Promise<RareNames> | undefined {
  const losses = each(options?.loss);
  const loss = rareOf(losses, LOSSES);
  const metric = rareOf(each(options?.metrics).flat(), METRICS);
  const optimizer = rareOf([options?.optimizer], OPTIMIZERS);
  const hasFunction = losses.some((one) => typeof one === "function");
  const isNeeded = hasFunction || [loss, metric, optimizer].some((name) => name !== undefined);
  return isNeeded ? importTables({ loss, metric, optimizer, hasFunction }) : undefined;
}

interface Needed {
  readonly loss: string | undefined;
  readonly metric: string | undefined;
  readonly optimizer: string | undefined;
  readonly hasFunction: boolean;
}

async function importTables({ loss, metric, optimizer, hasFunction }: Needed): Promise<RareNames> {
  const configured = (what: string, name = "") =>
    `it configured: import { ${name} } from "wasmgrad", and ${what}: ${name}().`;
  const ofMetrics =
    "it configured where it has options, as f1(), or predictions to its namesake in wasmgrad/metrics.";
  const [losses, metrics, optimizers, functions] = await Promise.all([
    importRare("loss", loss, configured("loss", loss), (who) => rareTables.losses.load(who)),
    importRare("metric", metric, ofMetrics, (who) => rareTables.metrics.load(who)),
    importRare("optimizer", optimizer, configured("optimizer", optimizer), (who) =>
      rareTables.optimizers.load(who),
    ),
    hasFunction ? lossFunctions.load("compile") : undefined,
  ]);
  return { losses, metrics, optimizers, ...(functions && { lossOf: functions.lossOf }) };
}
