// A service worker that registers some families: those work, the others are refused with the line that registers them.
import "/node_modules/wasmgrad/dist/engine/normalize.js";
import "/node_modules/wasmgrad/dist/engine/transcendental.js";
import * as wasmgrad from "/node_modules/wasmgrad/dist/index.js";
import { servedReport } from "./families.mjs";

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("message", (event) => {
  event.waitUntil(servedReport(wasmgrad).then((done) => event.source.postMessage(done)));
});
