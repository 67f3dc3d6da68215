/**
 * The child's half: `node serve.mjs PEER TASK OPTION` loads one peer and answers rounds until stdin closes.
 *
 * A task is a function that resolves to `{ api, run(seconds) }`; `run` resolves to
 * `{ samples, ...}`: milliseconds per step, one for each timed block.
 */
import { createInterface } from "node:readline";

const [peer, task, option] = process.argv.slice(2);
const say = (message) => process.stdout.write(`@@${JSON.stringify(message)}\n`);

try {
  const module = await import(`./${peer}.mjs`);
  const { api, run } = await module[task](option);
  say({ ready: true, api });
  for await (const line of createInterface({ input: process.stdin })) {
    const { seconds } = JSON.parse(line);
    const cpu = process.cpuUsage();
    const start = performance.now();
    const result = await run(seconds);
    const { user, system } = process.cpuUsage(cpu);
    say({ ...result, cores: (user + system) / 1000 / (performance.now() - start) });
  }
} catch (error) {
  const [firstLine] = String(error?.message ?? error).split("\n");
  say({ skipped: error?.code === "ERR_MODULE_NOT_FOUND" ? `not installed (${firstLine})` : firstLine });
}
process.exit(0);
