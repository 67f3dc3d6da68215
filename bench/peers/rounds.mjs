/** The parent's half: starts peers in their own processes and lets them work one after the other. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { median } from "./timing.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Starts one peer; resolves to its name with `ask(message)` and `stop()`, or with the reason it is skipped. */
async function startPeer({ name, command = process.execPath, args, environment = {} }) {
  const child = spawn(command, args, {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  let complaint = "";
  child.stderr.on("data", (text) => {
    complaint = (complaint + text).slice(-2000);
  });
  child.stdin.on("error", () => {}); // the answer below reports a child that died
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const failed = new Promise((resolve) =>
    child.once("error", (error) => resolve({ skipped: error.message })),
  );
  const answer = async () => {
    for (let next = await lines.next(); !next.done; next = await lines.next()) {
      if (next.value.startsWith("@@")) return JSON.parse(next.value.slice(2));
    }
    return { skipped: complaint.trim().split("\n").at(-1) || "the process ended without a word" };
  };
  const first = await Promise.race([answer(), failed]);
  return {
    name,
    ...first,
    ask: (message) => {
      child.stdin.write(`${JSON.stringify(message)}\n`);
      return answer();
    },
    stop: () => child.stdin.end(),
  };
}

/** A peer written in JavaScript: the function `task` of `peers/<file>.mjs`, called with `option`. */
export function nodePeer(name, file, task, option) {
  return { name, args: [here("serve.mjs"), file, task, option] };
}

export function pythonPeer(name, file, option, environment) {
  return { name, command: "/usr/bin/python3", args: [here(file), option], environment };
}

/**
 * Runs `rounds` rounds of about `seconds` for each peer in turn, so that a slow minute of the machine
 * hits all alike. The first peer is ours: `ratio` is a peer's time over ours, the median of the rounds.
 */
export async function alternate(peers, { rounds, seconds, log = () => {} }) {
  const running = [];
  for (const peer of peers) running.push({ ...(await startPeer(peer)), results: [] });
  const alive = () => running.filter((peer) => peer.skipped === undefined);
  // Round -1 is the warm-up: the optimizing compiler's work, and the first touch of the memory.
  for (let round = -1; round < rounds; round++) {
    for (const peer of alive()) {
      const result = await peer.ask({ seconds: round < 0 ? Math.min(seconds, 1) : seconds });
      if (result.skipped !== undefined) peer.skipped = result.skipped;
      else if (round >= 0) peer.results.push(result);
      else peer.firstMs = result.samples[0];
    }
    log(`round ${round + 1} of ${rounds}`);
  }
  for (const peer of alive()) peer.stop();
  const ours = running[0].results.map((result) => median(result.samples));
  return running.map(({ name, api, skipped, firstMs, results }) => {
    if (skipped !== undefined) return { name, skipped };
    const medians = results.map((result) => median(result.samples));
    return {
      name,
      api,
      firstMs,
      medianMs: median(medians),
      bestMs: Math.min(...results.flatMap((result) => result.samples)),
      ratio: ours.length === medians.length ? median(medians.map((ms, i) => ms / ours[i])) : undefined,
      cores: median(results.map((result) => result.cores)),
      loss: results.at(-1).loss,
      rounds: results,
    };
  });
}
