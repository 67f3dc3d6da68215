// Prints one line, `hash <SHA-256 of all trained weights> node <version>`: the same hash wherever it runs.
// checkRuntimes.mjs compares it between runtimes.
import * as wasmgrad from "../../dist/index.js";
import { trainedHash } from "./training.mjs";

console.log(`hash ${await trainedHash(wasmgrad)} node ${process.version}`);
