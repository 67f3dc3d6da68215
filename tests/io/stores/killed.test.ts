/**
 * A process that is killed (SIGKILL) while it trains and stores checkpoints leaves the last one that it stored, or the one that it
 * was about to, whole; and training goes on from there to the bits of one that was not killed. Run after `npm run build`.
 * `npm run test:deep` kills it a hundred times; WASMGRAD_KILLS says how many.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileStore, readCheckpoint } from "../../../src/io/index.ts";
import { chanceOf } from "../../cases/domains.ts";
import { howMany } from "../../given/depth.ts";
import { weightBits } from "../../given/models.ts";

const kills = Number(process.env.WASMGRAD_KILLS ?? howMany(2, 100));
const program = join(import.meta.dirname, "trainForKilling.mjs");
const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
let folder = "";

beforeAll(async () => {
  if (!existsSync("dist/index.js")) throw new Error("dist/index.js is missing; run `npm run build` first.");
  folder = await mkdtemp(join(tmpdir(), "wasmgrad-killed-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Trains until so many milliseconds after its first checkpoint was begun. @returns what it said */
async function trainAndKill(milliseconds: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [program, folder], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  let failed = "";
  child.stderr.on("data", (text) => {
    failed += text;
  });
  const ended = new Promise<string | null>((done) => child.once("close", (_, signal) => done(signal)));
  const begun = new Promise<void>((done) => {
    child.stdout.on("data", (text) => {
      said += text;
      done();
    });
  });
  await Promise.race([begun, ended]);
  await sleep(milliseconds);
  child.kill("SIGKILL");
  expect(await ended, failed).toBe("SIGKILL");
  return said.trim().split("\n");
}

describe("a training that is killed", () => {
  it(
    `at ${kills} random moments leaves the last or the next checkpoint, whole, and goes on to the same bits`,
    async () => {
      const store = fileStore(folder);
      const chance = chanceOf(Number(process.env.WASMGRAD_SEED ?? 8));
      let before: string | undefined;
      let [left, next] = [0, 0];
      for (let trial = 0; trial < kills; trial++) {
        const said = await trainAndKill(Math.floor(chance() * 25));
        const stored = said.findLast((line) => line.startsWith("stored "))?.slice(7) ?? before;
        const begun = said.findLast((line) => line.startsWith("begun "))?.slice(6);
        const last = await readCheckpoint(store);
        const hash = last && hashOf(last.bytes);
        expect([stored, begun], `trial ${trial}: ${said.slice(-2).join(", ")}`).toContain(hash);
        expect(last?.damaged ?? []).toEqual([]);
        before = hash;
        if (hash === stored) left++;
        else next++;
        // One that it was writing at most: those of the ones before are removed.
        const temporary = (await readdir(folder)).filter((name) => name.endsWith(".tmp"));
        expect(temporary.length).toBeLessThan(2);
      }
      expect(left + next).toBe(kills);
      if (before === undefined) return;
      const { data, EPOCHS, model } = await import("./trainingToKill.mjs");
      const last = await readCheckpoint(store);
      const killed = await model();
      killed.restore(last!.bytes);
      const whole = await model();
      await whole.fit(data, { epochs: EPOCHS, batchSize: 4, maxSteps: last!.step, health: false });
      expect(weightBits(killed), `step ${last!.step}`).toEqual(weightBits(whole));
    },
    Math.max(60_000, kills * 3_000),
  );
});
