// How many frames a page drops while it trains, in Chromium: a measurement for the log, which decides nothing.
import { chromium } from "./browsers.mjs";
import { serve } from "./server.mjs";

const line = (what, { frames, dropped, longest }) =>
  `  ${what.padEnd(34)}${frames} frames, ${dropped} dropped, the longest ${longest} ms`;

export async function measureFrames(folder) {
  let browser;
  try {
    browser = await chromium(folder);
  } catch (error) {
    console.log(`\nframes: skipped, ${error.message}`);
    return;
  }
  const { origin, close } = await serve(folder);
  try {
    const { idle, page, worker } = await browser.open(`${origin}/frames.html`);
    console.log(`\nFrames at 60 a second in ${browser.name}, while digits are trained on:`);
    console.log(line("nothing to do", idle));
    console.log(line("training in the page", page));
    console.log(line("training in a worker", worker));
  } finally {
    await browser.close();
    await close();
  }
}
