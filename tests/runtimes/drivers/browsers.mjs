// Browsers of Debian's packages, each as { name, open(url, prepare): what the page's promise `report` gives, close() }.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { installDebian } from "../workplace.mjs";
import { freePort } from "./server.mjs";

const PAGE_SECONDS = 60;

function puppeteer(folder) {
  const loaded = createRequire(join(folder, "package.json"))("puppeteer-core");
  return loaded.default ?? loaded;
}

function overProtocol(browser, name) {
  const open = async (url, prepare = () => undefined) => {
    const page = await browser.newPage();
    const problems = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    try {
      await prepare(page);
      await page.goto(url);
      const report = page.evaluate(async () => {
        while (globalThis.report === undefined) await new Promise((done) => setTimeout(done, 50));
        return globalThis.report;
      });
      const found = await Promise.race([report, sleep(PAGE_SECONDS * 1000, undefined, { ref: false })]);
      if (found === undefined) throw new Error(`no report of the page: ${problems.join("; ")}`);
      return found;
    } finally {
      await page.close();
    }
  };
  return { name, open, close: () => browser.close() };
}

export async function chromium(folder) {
  await installDebian(["chromium"]);
  // Without these it looks for updates and hosts that a closed network refuses.
  const quiet = "quic background-networking component-update sync gpu"
    .split(" ")
    .map((one) => `--disable-${one}`);
  const browser = await puppeteer(folder).launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--no-first-run", ...quiet],
  });
  return overProtocol(browser, (await browser.version()).replace(/^(Headless)?Chrome\//, "Chromium "));
}

export async function firefox(folder) {
  await installDebian(["firefox-esr"]);
  const browser = await puppeteer(folder).launch({
    browser: "firefox",
    executablePath: "/usr/bin/firefox-esr",
    extraPrefsFirefox: {
      "app.update.enabled": false,
      "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false,
    },
  });
  return overProtocol(browser, (await browser.version()).replace("firefox/", "Firefox "));
}

const miniBrowsers = ["4.1", "4.0"].map(
  (version) => `/usr/lib/x86_64-linux-gnu/webkit2gtk-${version}/MiniBrowser`,
);

/** Tries until there is an answer, for ten seconds. */
async function onceUp(attempt, tries = 100) {
  try {
    return await attempt();
  } catch (error) {
    if (tries === 0) throw error;
    await sleep(100);
    return onceUp(attempt, tries - 1);
  }
}

/** A session of WebKitWebDriver (W3C WebDriver) in a virtual screen. */
export async function webkit() {
  await installDebian(["webkit2gtk-driver", "xvfb"]);
  const binary = miniBrowsers.find(existsSync);
  if (binary === undefined) throw new Error("there is no MiniBrowser of WebKitGTK here");
  const home = await mkdtemp(join(tmpdir(), "wasmgrad-webkit-"));
  const port = await freePort();
  // It chooses a display that is free, and writes its number.
  const screen = spawn("Xvfb", "-displayfd 3 -screen 0 1024x768x24 -nolisten tcp".split(" "), {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const display = await new Promise((done, fail) => {
    screen.stdio[3].once("data", (number) => done(`:${String(number).trim()}`));
    screen.once("error", fail);
    screen.once("exit", (code) => fail(new Error(`Xvfb ended with ${code}`)));
  });
  const env = {
    ...process.env,
    DISPLAY: display,
    HOME: home,
    XDG_RUNTIME_DIR: home,
    WEBKIT_DISABLE_COMPOSITING_MODE: "1",
    LIBGL_ALWAYS_SOFTWARE: "1",
    NO_AT_BRIDGE: "1",
  };
  const driver = spawn("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], { stdio: "ignore", env });
  const stop = async () => {
    driver.kill();
    screen.kill();
    await rm(home, { recursive: true, force: true });
  };
  const ask = async (method, path, body) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers,
      body: JSON.stringify(body),
    });
    const { value } = await response.json();
    if (value?.error) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
  try {
    await onceUp(() => ask("GET", "/status"));
    const options = { binary, args: ["--automation"] };
    const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": options } };
    const { sessionId, capabilities: found } = await ask("POST", "/session", { capabilities });
    const session = `/session/${sessionId}`;
    await ask("POST", `${session}/timeouts`, { script: PAGE_SECONDS * 1000 });
    return {
      name: `WebKitGTK ${found.browserVersion}`,
      async open(url) {
        await ask("POST", `${session}/url`, { url });
        // A page may be answered for before its module has run.
        const script = `const [done] = arguments;
          const read = () => globalThis.report === undefined
            ? setTimeout(read, 50)
            : globalThis.report.then(done, (error) => done({ failures: [String(error)] }));
          read();`;
        const report = await ask("POST", `${session}/execute/async`, { script, args: [] });
        if (!report) throw new Error("no report of the page");
        return report;
      },
      async close() {
        await ask("DELETE", session).catch(() => undefined);
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
