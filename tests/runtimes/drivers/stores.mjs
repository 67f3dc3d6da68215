// Stores in the real thing: the file systems and databases of browsers, and the services of Cloudflare by their local server.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { entry } from "../matrix.mjs";
import { execute } from "../workplace.mjs";
import { chromium, firefox } from "./browsers.mjs";
import { serve } from "./server.mjs";
import { bundleWorker } from "./workers.mjs";

/** Bytes that an origin has where its quota is to be exceeded. */
const QUOTA = 4 * 2 ** 20;

async function checkBrowser(folder, name, launch, parts) {
  const { origin, close } = await serve(folder);
  let browser;
  let failure;
  try {
    browser = await launch(folder);
  } catch (error) {
    failure = error;
  }
  const check = (what, part, prepare) =>
    entry(
      `${name}: stores, ${what}`,
      async () => {
        if (failure) throw failure;
        return { name: `${browser.name}: stores, ${what}` };
      },
      () => browser.open(`${origin}/stores.html#${part}`, prepare),
    );
  const limit = async (page) => {
    const session = await page.createCDPSession();
    await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: QUOTA });
  };
  if (parts.includes("begin")) await check("page", "begin");
  if (parts.includes("worker")) await check("worker", "worker");
  if (parts.includes("goOn")) await check("in another page", "goOn");
  if (parts.includes("full")) await check("quota exceeded", "full", limit);
  await browser?.close();
  await close();
}

const services = { KV: "KV", R2: "R2", SQLITE: "Durable Object, SQLite", VALUES: "Durable Object, values" };

/** Miniflare needs Node 22. */
async function checkServices(folder) {
  const node = join(folder, "node_modules", "node22", "bin", "node");
  let reports;
  let failure;
  try {
    await execute(node, ["-e", 'import("miniflare")'], { cwd: folder, timeout: 60_000 });
  } catch (error) {
    failure = error;
  }
  for (const [part, what] of Object.entries(services)) {
    await entry(
      `workerd, miniflare: ${what}`,
      async () => {
        if (failure) throw failure;
      },
      async () => {
        if (reports === undefined) {
          const place = join(folder, "storesEdge");
          await mkdir(place, { recursive: true });
          await bundleWorker(folder, "storesEdge.mjs", ["workerd", "worker"], place);
          const { stdout } = await execute(node, ["storesMiniflare.mjs", place], {
            cwd: folder,
            timeout: 120_000,
          });
          reports = JSON.parse(stdout.trim().split("\n").at(-1));
        }
        return reports[part];
      },
    );
  }
}

export async function checkStores(folder) {
  await checkBrowser(folder, "chromium", chromium, ["begin", "worker", "goOn", "full"]);
  // Nothing limits an origin there but a setting of the whole browser.
  await checkBrowser(folder, "firefox", firefox, ["begin", "worker", "goOn"]);
  await checkServices(folder);
}
