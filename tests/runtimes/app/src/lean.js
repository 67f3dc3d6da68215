// A bundle of one file that holds what it registers, and no other module of the engine.
import * as core from "wasmgrad/core";
import "wasmgrad/engine/core";
import "wasmgrad/engine/normalize";
import "wasmgrad/engine/optimizer";
import "wasmgrad/engine/transcendental";
import { leanReport } from "./families.mjs";

globalThis.report = leanReport(core);
