// The pages of the suite in each browser: a page with an import map, workers, and policies.
import { entry } from "../matrix.mjs";
import { chromium, firefox, webkit } from "./browsers.mjs";
import { serve } from "./server.mjs";

const pages = {
  "page, import map": "page.html",
  "module worker": "moduleWorker.html",
  "page, import map, requests": "requests.html",
  "service worker, all registered": "serviceWorker.html",
  "service worker, some registered": "leanServiceWorker.html",
  "page, strict policy": "strict.html",
  "page, policy without wasm": "forbidden.html",
};

export async function checkBrowsers(folder) {
  const { origin, close } = await serve(folder);
  try {
    for (const [name, launch] of Object.entries({ chromium, firefox, webkit })) {
      let browser;
      let failure;
      try {
        browser = await launch(folder);
      } catch (error) {
        failure = error;
      }
      for (const [what, file] of Object.entries(pages)) {
        await entry(
          `${name}: ${what}`,
          async () => {
            if (failure) throw failure;
            return { name: `${browser.name}: ${what}` };
          },
          () => browser.open(`${origin}/${file}`),
        );
      }
      await browser?.close();
    }
  } finally {
    await close();
  }
}
