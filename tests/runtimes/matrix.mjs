// The table of what ran where, and the exit code that follows from it.

import { TRAINED_HASH } from "./training.mjs";
import { reason } from "./workplace.mjs";

const rows = [];

/** Reads the snapshots that a report brings back; throws when training does not go on from them. */
let readBack = async () => undefined;

/** @param read is given the snapshots of each report */
export function readSnapshotsWith(read) {
  readBack = read;
}

/** What a report of runSuite says when it is not good enough. */
function faults({ hash, passed, failures }) {
  if (failures.length > 0) return failures.join("; ");
  // A page that may not train has no weights.
  if (hash !== undefined && hash !== TRAINED_HASH) return `weight hash ${hash}`;
  return passed > 0 ? "" : "no check ran";
}

function add(row) {
  rows.push(row);
  const { name, outcome, detail } = row;
  console.log(`${outcome.padEnd(8)}${name.padEnd(62)}${detail}`);
}

/**
 * One line of the table: where `start` throws, it is skipped with the reason; where `run` throws, it has failed.
 *
 * @param start makes what the checks need ready, and may answer with a name that knows the version
 * @param run gives the report of runSuite
 */
export async function entry(name, start, run) {
  let started;
  try {
    started = await start();
  } catch (error) {
    add({ name, outcome: "skipped", detail: reason(error) });
    return;
  }
  const fullName = started?.name ?? name;
  try {
    const report = await run(started);
    if (report.snapshots !== undefined) await readBack(report.snapshots);
    const fault = faults(report);
    const time =
      report.firstStep === undefined ? "" : `, first step after ${Math.round(report.firstStep)} ms`;
    const weights = report.hash === undefined ? "" : `, weights ${report.hash.slice(0, 8)}…`;
    const detail = fault || `${report.passed} ${report.passed === 1 ? "check" : "checks"}${weights}${time}`;
    add({ name: fullName, outcome: fault ? "FAILED" : "passed", detail });
  } catch (error) {
    add({ name: fullName, outcome: "FAILED", detail: reason(error) });
  }
}

/** Prints the sum and sets the exit code. */
export function finish() {
  const count = (outcome) => rows.filter((row) => row.outcome === outcome).length;
  console.log(`\n${count("passed")} passed, ${count("FAILED")} failed, ${count("skipped")} skipped.`);
  for (const { name, detail } of rows.filter(({ outcome }) => outcome === "skipped")) {
    console.log(`  skipped ${name}: ${detail}`);
  }
  process.exitCode = count("FAILED") === 0 && count("passed") > 0 ? 0 : 1;
}
